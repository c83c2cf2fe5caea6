package io.aeon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.junit.jupiter.params.provider.MethodSource;

/** A producer's batch is refused with an error of Kafka's, or every reader of the log can read it. */
class BatchValidationFuzzTest {
    private static final long NOW = 1_000_000;
    private static final long A_YEAR_MILLIS = 365L * 24 * 3600 * 1000;
    private static final int LARGEST = 1 << 20;
    private static final int LENGTH = 8;
    private static final int MAGIC = 16;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;

    /** A byte that chooses the topic's settings, and then the batch. */
    static Stream<byte[]> batches() {
        return Arrays.stream(CompressionType.values())
                .flatMap(codec -> Stream.of(0, 1, 2, 4, 8).map(settings -> batch(codec, settings)));
    }

    private static byte[] batch(CompressionType codec, int settings) {
        SimpleRecord[] records = {
            new SimpleRecord(NOW, text("key"), text("value")),
            new SimpleRecord(NOW + 5, text("key"), new byte[300]),
            new SimpleRecord(NOW - 5, text("other"), null)
        };
        ByteBuffer bytes = MemoryRecords.withRecords(Compression.of(codec).build(), records)
                .buffer();
        return ByteBuffer.allocate(1 + bytes.remaining())
                .put((byte) settings)
                .put(bytes)
                .array();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @MethodSource("batches")
    @FuzzTest(maxDuration = "10m")
    void aBatchIsRefusedOrCanBeRead(byte[] input) {
        if (input.length <= 1 + DefaultRecordBatch.RECORD_BATCH_OVERHEAD) {
            return;
        }
        BatchRules rules = rules(input[0]);
        ByteBuffer sent = complete(ByteBuffer.wrap(Arrays.copyOfRange(input, 1, input.length)));
        ByteBuffer stored;
        try {
            ProducedBatch batch = ProducedBatch.of(MemoryRecords.readableRecords(sent), (short) 13);
            stored = BatchValidator.validate(batch, rules, NOW).bytes();
        } catch (ApiException refused) {
            return;
        }
        checkReadable(stored);
    }

    private static BatchRules rules(byte settings) {
        CompressionType[] codecs = CompressionType.values();
        int codec = settings >> 3 & 7;
        return new BatchRules(
                "t-0",
                LARGEST,
                LARGEST,
                (settings & 1) != 0,
                A_YEAR_MILLIS,
                A_YEAR_MILLIS,
                (settings & 2) != 0,
                (settings & 4) == 0
                        ? null
                        : Compression.of(codecs[codec % codecs.length]).build());
    }

    /** What every hostile client can do: the batch ends where the bytes end, and its magic and CRC are right. */
    private static ByteBuffer complete(ByteBuffer batch) {
        batch.putInt(LENGTH, batch.limit() - LENGTH - Integer.BYTES).put(MAGIC, (byte) 2);
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(ATTRIBUTES));
        return batch.putInt(CRC, (int) crc.getValue());
    }

    private static void checkReadable(ByteBuffer stored) {
        MutableRecordBatch batch = MemoryRecords.readableRecords(stored.duplicate())
                .batches()
                .iterator()
                .next();
        batch.ensureValid();
        long latest = Long.MIN_VALUE;
        int count = 0;
        try (CloseableIterator<Record> records = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
            while (records.hasNext()) {
                Record record = records.next();
                assertThat(record.offset()).isEqualTo(count++);
                latest = Math.max(latest, record.timestamp());
            }
        }
        assertThat(count).isEqualTo(batch.countOrNull());
        assertThat(batch.lastOffset()).isEqualTo(count - 1);
        if (batch.timestampType() == TimestampType.CREATE_TIME) {
            assertThat(batch.maxTimestamp()).isEqualTo(Math.max(latest, RecordBatch.NO_TIMESTAMP));
        }
        byte[] bytes = new byte[stored.remaining()];
        stored.duplicate().get(bytes);
        assertThat(BatchSearch.in(bytes).latest(0).orElseThrow().timestamp()).isEqualTo(latest);
        ByteBuffer kept = new BatchSieve()
                .retain(ByteBuffer.wrap(bytes), (offset, in, keyFrom, keySize, hasValue) -> offset % 2 == 0, NOW);
        assertThat(kept).isNotNull();
    }
}
