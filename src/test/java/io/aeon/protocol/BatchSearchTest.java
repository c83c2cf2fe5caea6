package io.aeon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.protocol.BatchSearch.Found;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class BatchSearchTest {
    private static final long APPEND_TIME = 900;

    private final byte[] created = batch();
    private final byte[] appended = appended();

    @Test
    void theNewestRecordIsTheFirstOfThoseWithTheLargestTimestamp() {
        assertThat(BatchSearch.latest(created, 0)).contains(new Found(7, 1));
        assertThat(BatchSearch.latest(appended, 0)).contains(new Found(APPEND_TIME, 0));
    }

    @Test
    void deletedRecordsAreNotTheNewest() {
        assertThat(BatchSearch.latest(created, 2)).contains(new Found(7, 2));
        assertThat(BatchSearch.latest(created, 3)).contains(new Found(4, 3));
        assertThat(BatchSearch.latest(created, 4)).isEmpty();
        assertThat(BatchSearch.latest(appended, 2)).contains(new Found(APPEND_TIME, 2));
    }

    private static byte[] batch() {
        ByteBuffer buffer = MemoryRecords.withRecords(
                        Compression.NONE,
                        new SimpleRecord(5, new byte[1]),
                        new SimpleRecord(7, new byte[1]),
                        new SimpleRecord(7, new byte[1]),
                        new SimpleRecord(4, new byte[1]))
                .buffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] appended() {
        byte[] bytes = batch();
        DefaultRecordBatch batch = (DefaultRecordBatch) MemoryRecords.readableRecords(ByteBuffer.wrap(bytes))
                .batches()
                .iterator()
                .next();
        batch.setMaxTimestamp(TimestampType.LOG_APPEND_TIME, APPEND_TIME);
        return bytes;
    }
}
