package io.aeon.protocol;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.CorruptRecordException;

/**
 * Reads the sizes that snappy-java trusts when it allocates memory: the length of a chunk, which may be up to 512 MiB,
 * and the decompressed size that the chunk claims.
 */
final class SnappyChunks {
    /** Starts a stream of chunks; without it all bytes are one chunk. */
    private static final long MAGIC = 0x82534e4150505900L;

    private static final int STREAM_HEADER = 16;
    /** Snappy's format does not reach this ratio: its best element copies 64 bytes and has 3. */
    private static final long BEST_RATIO = 22;
    /** Any chunk of a few bytes is too small to matter. */
    private static final long SLACK = 64;

    private SnappyChunks() {}

    /**
     * Bytes of the largest chunk after decompression.
     *
     * @throws CorruptRecordException a chunk is longer than the remaining bytes, or claims an impossible decompressed
     *     size
     */
    static long largest(ByteBuffer stream) {
        if (stream.remaining() < STREAM_HEADER || stream.getLong(stream.position()) != MAGIC) {
            return chunk(stream, stream.position(), stream.remaining());
        }
        long largest = 0;
        int at = stream.position() + STREAM_HEADER;
        while (at + Integer.BYTES <= stream.limit()) {
            int size = stream.getInt(at);
            at += Integer.BYTES;
            largest = Math.max(largest, chunk(stream, at, size));
            at += size;
        }
        return largest;
    }

    private static long chunk(ByteBuffer stream, int from, int size) {
        if (size >= 0 && size <= stream.limit() - from) {
            long decompressed = decompressedSize(stream, from, size);
            if (decompressed <= BEST_RATIO * size + SLACK) {
                return decompressed;
            }
        }
        throw new CorruptRecordException("A snappy chunk claims an impossible size.");
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
