package io.aeon.storage.log;

/**
 * A batch of a leader that the log cannot take: it has records at these offsets already. Nothing was appended. The
 * follower has to fetch from its log end offset, or to truncate first.
 */
public final class UnexpectedOffsetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnexpectedOffsetException(long baseOffset, long lastOffset, long logEndOffset) {
        super("a batch with offsets " + baseOffset + " to " + lastOffset + " where " + logEndOffset
                + " or more must come");
    }
}
