package io.aeon.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetention;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetentionResult;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares with Kafka's own filter of records. */
class BatchSieveTest {
    private static final long NOW = 1_700_000_000_000L;
    private static final long RETENTION = 86_400_000L;
    private static final List<CompressionType> CODECS = List.of(CompressionType.values());

    private final BatchSieve sieve = new BatchSieve();

    @RepeatedTest(value = 200, name = "seed {currentRepetition}")
    void keepsTheRecordsThatKafkaKeeps(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        ByteBuffer batch = batch(random);
        long mask = random.nextInt(4) == 0 ? -1L : random.nextLong();
        LongPredicate kept = offset -> (mask >>> (offset % 64) & 1) == 1;
        ByteBuffer first = compare(batch, kept, NOW);
        if (first != null) {
            compare(first, offset -> offset % 3 != 0, NOW + 1000);
        }
    }

    /** Returns the records that were kept. */
    private ByteBuffer compare(ByteBuffer batch, LongPredicate kept, long now) {
        ByteBuffer before =
                ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
        ByteBuffer left =
                sieve.retain(batch, (offset, bytes, from, size, hasValue) -> kept.test(offset), now + RETENTION);
        ByteBuffer expected = kafkas(batch, kept, now);

        assertThat(batch).isEqualTo(before);
        if (expected.hasRemaining()) {
            assertThat(describe(left)).isEqualTo(describe(expected));
        } else {
            assertThat(left).isNull();
        }
        return left;
    }

    @Test
    void testsEveryRecordUntilOneFails() {
        Random random = new Random(7);
        for (int i = 0; i < 30; i++) {
            ByteBuffer batch = batch(random);
            List<String> expected = new ArrayList<>();
            for (Record record : first(batch)) {
                expected.add(record.offset() + " " + text(record.key()) + " " + record.hasValue());
            }
            List<String> shown = new ArrayList<>();
            BatchSieve.RecordTest test = (offset, bytes, from, size, hasValue) -> shown.add(
                    offset + " " + text(size < 0 ? null : ByteBuffer.wrap(bytes, from, size)) + " " + hasValue);

            assertThat(sieve.allMatch(batch, test)).isTrue();
            assertThat(shown).isEqualTo(expected);

            shown.clear();
            assertThat(sieve.allMatch(batch, (offset, bytes, from, size, hasValue) -> !shown.add("one")))
                    .isFalse();
            assertThat(shown).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "LZ4"})
    void cleansALongBatchInLittleMemory(CompressionType codec) {
        ByteBuffer bomb = Bombs.batch(codec, 3, 20 << 20);
        List<String> keys = new ArrayList<>();
        ByteBuffer[] left = new ByteBuffer[1];

        long allocated = Bombs.allocatedBy(() -> {
            sieve.allMatch(
                    bomb, (offset, bytes, from, size, hasValue) -> keys.add(new String(bytes, from, size, UTF_8)));
            left[0] = sieve.retain(bomb, (offset, bytes, from, size, hasValue) -> offset != 1, NOW);
        });

        assertThat(allocated).isLessThan(4 * bomb.limit() + (6 << 20));
        assertThat(keys).containsExactly("k0", "k1", "k2");
        keys.clear();
        sieve.allMatch(
                left[0], (offset, bytes, from, size, hasValue) -> keys.add(new String(bytes, from, size, UTF_8)));
        assertThat(keys).containsExactly("k0", "k2");
        assertThat(first(left[0]).isValid()).isTrue();
    }

    @Test
    void aBatchOfMoreThan256MiBCannotBeRead() {
        ByteBuffer bomb = Bombs.batch(CompressionType.ZSTD, 2, 128 << 20);

        assertThatThrownBy(() -> sieve.retain(bomb, (offset, bytes, from, size, hasValue) -> false, NOW))
                .isInstanceOf(InvalidRecordException.class);
    }

    @Test
    void aBatchThatClaimsMoreRecordsThanItHoldsCannotBeRead() {
        ByteBuffer claims = Bombs.batch(CompressionType.GZIP, 2, 1).putInt(57, Integer.MAX_VALUE);

        assertThatThrownBy(() -> sieve.retain(claims, (offset, bytes, from, size, hasValue) -> true, NOW))
                .isInstanceOf(InvalidRecordException.class);
    }

    private static ByteBuffer kafkas(ByteBuffer batch, LongPredicate kept, long now) {
        RecordFilter filter = new RecordFilter(now, RETENTION) {
            @Override
            protected BatchRetentionResult checkBatchRetention(RecordBatch each) {
                return new BatchRetentionResult(BatchRetention.DELETE_EMPTY, false);
            }

            @Override
            protected boolean shouldRetainRecord(RecordBatch each, Record record) {
                return kept.test(record.offset());
            }
        };
        return MemoryRecords.readableRecords(batch)
                .filterTo(filter, ByteBuffer.allocate(1 << 16), BufferSupplier.NO_CACHING, 1 << 20)
                .outputBuffer()
                .flip();
    }

    private static ByteBuffer batch(Random random) {
        CompressionType codec = CODECS.get(random.nextInt(CODECS.size()));
        boolean logTime = random.nextInt(4) == 0;
        boolean transactional = random.nextInt(4) == 0;
        SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(40)];
        for (int i = 0; i < records.length; i++) {
            byte[] key = random.nextInt(8) == 0 ? null : ("key-" + random.nextInt(20)).getBytes(UTF_8);
            byte[] value = random.nextInt(16) == 0 ? null : new byte[random.nextInt(300)];
            RecordHeader[] headers = random.nextInt(5) == 0
                    ? new RecordHeader[] {new RecordHeader("h", new byte[3])}
                    : new RecordHeader[0];
            records[i] = new SimpleRecord(NOW - random.nextInt(1_000_000), key, value, headers);
        }
        ByteBuffer buffer = MemoryRecords.withRecords(
                        RecordBatch.MAGIC_VALUE_V2,
                        1000 + random.nextInt(1000),
                        Compression.of(codec).build(),
                        logTime ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                        transactional ? 77 : RecordBatch.NO_PRODUCER_ID,
                        transactional ? (short) 2 : RecordBatch.NO_PRODUCER_EPOCH,
                        transactional ? 55 : RecordBatch.NO_SEQUENCE,
                        9,
                        transactional,
                        records)
                .buffer();
        ByteBuffer inside = ByteBuffer.allocate(buffer.remaining() + 20);
        return inside.position(10).put(buffer).flip().position(10);
    }

    private static MutableRecordBatch first(ByteBuffer bytes) {
        return MemoryRecords.readableRecords(bytes).batches().iterator().next();
    }

    private static List<String> describe(ByteBuffer bytes) {
        MutableRecordBatch batch = first(bytes);
        batch.ensureValid();
        assertThat(batch.sizeInBytes()).isEqualTo(bytes.remaining());
        List<String> lines = new ArrayList<>();
        lines.add(List.of(
                        batch.baseOffset(),
                        batch.lastOffset(),
                        batch.countOrNull(),
                        batch.maxTimestamp(),
                        batch.timestampType(),
                        batch.deleteHorizonMs(),
                        batch.compressionType(),
                        batch.producerId(),
                        batch.producerEpoch(),
                        batch.baseSequence(),
                        batch.isTransactional(),
                        batch.partitionLeaderEpoch())
                .toString());
        for (Record record : batch) {
            lines.add(record.offset() + " " + record.timestamp() + " " + text(record.key()) + " " + text(record.value())
                    + " " + record.headers().length);
        }
        return lines;
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null ? "none" : UTF_8.decode(bytes.duplicate()).toString();
    }
}
