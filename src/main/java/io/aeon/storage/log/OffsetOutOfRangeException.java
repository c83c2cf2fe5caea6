package io.aeon.storage.log;

/** The requested offset is outside the log. This is an error of the caller and no fault of the log. */
public final class OffsetOutOfRangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OffsetOutOfRangeException(long offset, long logStartOffset, long logEndOffset) {
        super(
                "offset " + offset + " is outside the log's range, " + logStartOffset + " to " + logEndOffset,
                null,
                false,
                false);
    }
}
