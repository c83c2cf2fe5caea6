package io.aeon.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.CorruptRecordException;

/**
 * Checks the sizes that snappy-java trusts when it allocates memory: the length of a chunk, which may be up to 512 MiB,
 * and the decompressed size that the chunk claims.
 */
final class SnappyChunks {
    /** Starts a stream of chunks; without it all bytes are one chunk. */
    private static final long MAGIC = 0x82534e4150505900L;

    private static final int STREAM_HEADER = 16;
    /** Highest ratio that is accepted; Snappy's own format reaches about 21. */
    private static final long BEST_RATIO = 64;

    private SnappyChunks() {}

    /**
     * @throws CorruptRecordException a chunk is longer than the remaining bytes, or claims an impossible decompressed
     *     size
     */
    static void check(ByteBuffer stream) {
        if (stream.remaining() < STREAM_HEADER || stream.getLong(stream.position()) != MAGIC) {
            checkChunk(stream, stream.position(), stream.remaining());
            return;
        }
        int at = stream.position() + STREAM_HEADER;
        while (at + Integer.BYTES <= stream.limit()) {
            int size = stream.getInt(at);
            at += Integer.BYTES;
            checkChunk(stream, at, size);
            at += size;
        }
    }

    private static void checkChunk(ByteBuffer stream, int from, int size) {
        if (size < 0 || size > stream.limit() - from || decompressedSize(stream, from, size) > BEST_RATIO * size) {
            throw new CorruptRecordException("A snappy chunk claims an impossible size.");
        }
    }

    private static long decompressedSize(ByteBuffer stream, int from, int length) {
        long size = 0;
        for (int i = 0; i < Math.min(length, 5); i++) {
            byte next = stream.get(from + i);
            size |= (next & 0x7fL) << (7 * i);
            if (next >= 0) {
                break;
            }
        }
        return size;
    }
}
