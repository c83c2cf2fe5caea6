package io.aeon.protocol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.apache.kafka.common.utils.internals.ByteUtils;

/** Small batches that decompress to very many bytes, or that claim to. */
public final class Bombs {
    private static final int HEADER = 61;
    private static final int MOST_START = 64;
    private static final byte[] ZEROS = new byte[1 << 16];
    private static final long TIME = 1_000_000;

    private Bombs() {}

    /** A valid batch whose records have the keys k0, k1 and so on, and values of zeros; it is made in little memory. */
    public static ByteBuffer batch(CompressionType codec, int records, int valueBytes) {
        ByteBufferOutputStream out = new ByteBufferOutputStream(1 << 16);
        out.position(HEADER);
        try (OutputStream compressed = Compression.of(codec).build().wrapForOutput(out, (byte) 2)) {
            for (int i = 0; i < records; i++) {
                write(i, valueBytes, compressed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return withHeader(out.buffer().flip(), codec, records);
    }

    private static void write(int index, int valueBytes, OutputStream target) throws IOException {
        byte[] key = ("k" + index).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        ByteBuffer start = ByteBuffer.allocate(MOST_START).put((byte) 0);
        ByteUtils.writeVarlong(index, start);
        ByteUtils.writeVarint(index, start);
        ByteUtils.writeVarint(key.length, start);
        start.put(key);
        ByteUtils.writeVarint(valueBytes, start);
        ByteBuffer length = ByteBuffer.allocate(MOST_START);
        ByteUtils.writeVarint(start.position() + valueBytes + 1, length);
        target.write(length.array(), 0, length.position());
        target.write(start.array(), 0, start.position());
        for (int left = valueBytes; left > 0; left -= ZEROS.length) {
            target.write(ZEROS, 0, Math.min(left, ZEROS.length));
        }
        target.write(0);
    }

    /** A batch that claims one record in {@code compressed}. */
    static ByteBuffer batch(CompressionType codec, byte[] compressed) {
        ByteBuffer batch = ByteBuffer.allocate(HEADER + compressed.length).put(HEADER, compressed);
        return withHeader(batch, codec, 1);
    }

    /** Gzip's format allows a stream of many parts, also of empty ones. */
    static ByteBuffer gzipOfEmptyMembers(int members) {
        try {
            ByteArrayOutputStream one = new ByteArrayOutputStream();
            new GZIPOutputStream(one).close();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < members; i++) {
                all.write(one.toByteArray());
            }
            return batch(CompressionType.GZIP, all.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A single snappy chunk that claims so many bytes after decompression. */
    static ByteBuffer snappyChunk(int bytes, int claimed) {
        ByteBuffer chunk = ByteBuffer.allocate(bytes);
        ByteUtils.writeUnsignedVarint(claimed, chunk);
        return batch(CompressionType.SNAPPY, chunk.array());
    }

    private static ByteBuffer withHeader(ByteBuffer batch, CompressionType codec, int records) {
        batch.putLong(0, 0).putInt(8, batch.limit() - 12).putInt(12, -1).put(16, (byte) 2);
        batch.putShort(21, codec.id).putInt(23, records - 1);
        batch.putLong(27, TIME).putLong(35, TIME + records - 1);
        batch.putLong(43, -1).putShort(51, (short) -1).putInt(53, -1).putInt(57, records);
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(21));
        return batch.putInt(17, (int) crc.getValue());
    }

    /** Heap bytes that {@code work} allocates on this thread. */
    public static long allocatedBy(Runnable work) {
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        work.run();
        return thread.getCurrentThreadAllocatedBytes() - before;
    }
}
