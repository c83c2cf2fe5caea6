package io.aeon.storage.compaction;

/** The records of a batch cannot be read, or decompress to more than is read; compaction keeps such a batch whole. */
public final class UnreadableBatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableBatchException(String message, Throwable cause) {
        super(message, cause);
    }
}
