package io.aeon.broker.disk;

/**
 * A replica that is being copied to another data directory (KIP-113), as it is described to clients. Thread-safe.
 */
public final class FutureReplica {
    private final Disk target;
    private volatile long sizeInBytes;
    private volatile long logEndOffset;

    public FutureReplica(Disk target) {
        this.target = target;
    }

    /** The data directory to which it is copied. */
    public Disk target() {
        return target;
    }

    /** The copy has grown. */
    public void reached(long endOffset, long bytes) {
        logEndOffset = endOffset;
        sizeInBytes = bytes;
    }

    public long sizeInBytes() {
        return sizeInBytes;
    }

    public long logEndOffset() {
        return logEndOffset;
    }
}
