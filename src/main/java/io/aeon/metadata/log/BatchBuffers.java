package io.aeon.metadata.log;

import java.nio.ByteBuffer;
import org.apache.kafka.common.memory.MemoryPool;

/**
 * A small buffer for each batch of the metadata log, which grows with the batch. Kafka's own pool gives every batch the
 * 8 MiB that the largest may have, and keeps five of those on the heap. Thread-safe.
 */
public final class BatchBuffers implements MemoryPool {
    private static final int BYTES = 16 << 10;

    /** @param sizeBytes the largest size that the batch may reach */
    @Override
    public ByteBuffer tryAllocate(int sizeBytes) {
        return ByteBuffer.allocate(BYTES);
    }

    @Override
    public void release(ByteBuffer previouslyAllocated) {
        // It is garbage: a batch lives as long as a write to the log.
    }

    @Override
    public long size() {
        return Long.MAX_VALUE;
    }

    @Override
    public long availableMemory() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean isOutOfMemory() {
        return false;
    }
}
