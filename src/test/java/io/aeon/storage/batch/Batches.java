package io.aeon.storage.batch;

import io.aeon.storage.file.LogSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Record batches as clients send them, and the batches in a slice of a log. */
public final class Batches {
    private Batches() {}

    /**
     * One batch of {@code count} records with values of {@code valueBytes} bytes, base offset 0 and the same timestamp.
     */
    public static ByteBuffer batch(int count, int valueBytes, long timestamp) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            byte[] value = new byte[valueBytes];
            java.util.Arrays.fill(value, (byte) (timestamp + i));
            records[i] = new SimpleRecord(timestamp, value);
        }
        return copy(MemoryRecords.withRecords(Compression.NONE, records).buffer());
    }

    /** One batch of these records, base offset 0. */
    public static ByteBuffer batch(Compression codec, SimpleRecord... records) {
        return copy(MemoryRecords.withRecords(codec, records).buffer());
    }

    /** Several batches in one buffer. */
    public static ByteBuffer together(ByteBuffer... batches) {
        int size = 0;
        for (ByteBuffer batch : batches) {
            size += batch.remaining();
        }
        ByteBuffer all = ByteBuffer.allocate(size);
        for (ByteBuffer batch : batches) {
            all.put(batch.duplicate());
        }
        return all.flip();
    }

    public static byte[] bytes(LogSlice slice) {
        try (slice) {
            byte[] bytes = new byte[slice.size()];
            slice.copyTo(bytes, 0);
            return bytes;
        }
    }

    /** The batches of a slice, with their CRCs checked; fails on a partial batch. */
    public static List<RecordBatch> batches(LogSlice slice) {
        byte[] bytes = bytes(slice);
        List<RecordBatch> all = new ArrayList<>();
        int size = 0;
        for (RecordBatch batch :
                MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
            batch.ensureValid();
            all.add(batch);
            size += batch.sizeInBytes();
        }
        if (size != bytes.length) {
            throw new AssertionError("a partial batch at " + size + " of " + bytes.length);
        }
        return all;
    }

    private static ByteBuffer copy(ByteBuffer source) {
        return ByteBuffer.allocate(source.remaining()).put(source.duplicate()).flip();
    }
}
