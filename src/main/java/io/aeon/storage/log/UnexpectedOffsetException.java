package io.aeon.storage.log;

/**
 * A leader's batch begins at an offset that the log already has. Nothing was appended. The follower must fetch from its
 * log end offset, or truncate its log first.
 */
public final class UnexpectedOffsetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnexpectedOffsetException(long baseOffset, long lastOffset, long logEndOffset) {
        super("a batch has offsets " + baseOffset + " to " + lastOffset + ", but its first offset must be "
                + logEndOffset + " or higher");
    }
}
