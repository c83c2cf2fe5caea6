package io.aeon.storage.log;

/** The offset asked for lies outside the log. A wrong question, not a fault. */
public final class OffsetOutOfRangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OffsetOutOfRangeException(long offset, long logStartOffset, long logEndOffset) {
        super("offset " + offset + " is outside " + logStartOffset + " to " + logEndOffset, null, false, false);
    }
}
