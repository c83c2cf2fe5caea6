package io.aeon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.protocol.BatchSearch.FirstFound;
import io.aeon.protocol.BatchSearch.Found;
import java.nio.ByteBuffer;
import java.util.Optional;
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
        assertThat(BatchSearch.in(created).latest(0)).contains(new Found(7, 1));
        assertThat(BatchSearch.in(appended).latest(0)).contains(new Found(APPEND_TIME, 0));
    }

    @Test
    void deletedRecordsAreNotTheNewest() {
        assertThat(BatchSearch.in(created).latest(2)).contains(new Found(7, 2));
        assertThat(BatchSearch.in(created).latest(3)).contains(new Found(4, 3));
        assertThat(BatchSearch.in(created).latest(4)).isEmpty();
        assertThat(BatchSearch.in(appended).latest(2)).contains(new Found(APPEND_TIME, 2));
    }

    @Test
    void anAnswerByTimeNamesTheTimestampsThatHaveIt() {
        assertThat(BatchSearch.in(created).firstAtOrAfter(6, 0))
                .isEqualTo(new FirstFound(Optional.of(new Found(7, 1)), 6));
        assertThat(BatchSearch.in(created).firstAtOrAfter(6, 2))
                .isEqualTo(new FirstFound(Optional.of(new Found(7, 2)), Long.MIN_VALUE));
        assertThat(BatchSearch.in(created).firstAtOrAfter(9, 0)).isEqualTo(new FirstFound(Optional.empty(), 8));
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
