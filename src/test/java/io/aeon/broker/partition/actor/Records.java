package io.aeon.broker.partition.actor;

import io.aeon.storage.file.LogSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;

/** Converts text to batches and back. */
public final class Records {
    private Records() {}

    public static ByteBuffer batch(String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(System.currentTimeMillis(), Utils.utf8(values[i]));
        }
        ByteBuffer buffer = MemoryRecords.withRecords(Compression.NONE, records).buffer();
        return ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
    }

    /** One batch of {@code key=value}, of keys alone for tombstones. */
    static ByteBuffer keyed(String... records) {
        SimpleRecord[] simple = Arrays.stream(records)
                .map(text -> text.split("=", 2))
                .map(pair -> new SimpleRecord(
                        System.currentTimeMillis(), Utils.utf8(pair[0]), pair.length < 2 ? null : Utils.utf8(pair[1])))
                .toArray(SimpleRecord[]::new);
        ByteBuffer buffer = MemoryRecords.withRecords(Compression.NONE, simple).buffer();
        return ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
    }

    static List<String> values(LogSlice slice) {
        try (slice) {
            byte[] bytes = new byte[slice.size()];
            slice.copyTo(bytes, 0);
            List<String> values = new ArrayList<>();
            for (Record record :
                    MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).records()) {
                values.add(Utils.utf8(record.value()));
            }
            return values;
        }
    }
}
