package io.aeon.protocol;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The decompressors' buffers, up to 6 MiB each, for reuse. One more is kept than there are cores, however many threads
 * decompress now and then. Thread-safe.
 */
final class CodecBuffers {
    private static final BlockingQueue<BufferSupplier> KEPT =
            new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors() + 1);

    private CodecBuffers() {}

    /** Buffers for one thread, until they are given back. */
    static BufferSupplier take() {
        @Nullable BufferSupplier kept = KEPT.poll();
        return kept == null ? BufferSupplier.create() : kept;
    }

    static void giveBack(BufferSupplier buffers) {
        if (!KEPT.offer(buffers)) {
            buffers.close();
        }
    }
}
