package io.aeon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.apache.kafka.common.utils.internals.PrimitiveRef;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.LogValidator;
import org.apache.kafka.storage.internals.log.RecordValidationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares Aeon's validation of hostile or damaged batches with that of Kafka's own validator. */
class BatchValidatorAgainstKafkaTest {
    private static final int ROUNDS = 20_000;
    private static final long NOW = 1_000_000;
    private static final int CRC = 17;
    private static final int ATTRIBUTES = 21;
    private static final int RECORDS = 61;
    private static final int CODEC = 7;

    /**
     * What a validator made of a batch.
     *
     * @param error UNKNOWN_SERVER_ERROR if Kafka broke down over it
     */
    private record Verdict(
            Errors error,
            List<Integer> records,
            long maxTimestamp,
            @Nullable TimestampType type) {
        static Verdict refused(Errors error, List<Integer> records) {
            return new Verdict(error, records, 0, null);
        }

        static Verdict accepted(ByteBuffer bytes) {
            MutableRecordBatch batch = first(bytes);
            assertThat(batch.isValid()).isTrue();
            return new Verdict(Errors.NONE, List.of(), batch.maxTimestamp(), batch.timestampType());
        }
    }

    @Test
    void judgesAsKafkaDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            BatchRules rules =
                    new BatchRules("t-0", 1 << 20, 1 << 20, random.nextBoolean(), 200, 100, random.nextBoolean(), null);
            ByteBuffer sent = mutated(batch(random), random);

            Verdict kafka = kafka(copy(sent), rules);
            Verdict aeon = aeon(copy(sent), rules);

            if (wellFormed(sent) && kafka.error() == Errors.UNKNOWN_SERVER_ERROR) {
                // Kafka breaks down when it has to number records with negative timestamps.
                assertThat(aeon.error()).as("seed %d, round %d", seed, round).isEqualTo(Errors.NONE);
            } else if (wellFormed(sent)) {
                assertThat(aeon).as("seed %d, round %d", seed, round).isEqualTo(kafka);
            } else {
                assertThat(aeon.error()).as("seed %d, round %d", seed, round).isNotEqualTo(Errors.NONE);
            }
        }
    }

    /**
     * Whether a consumer can read the batch, and its records have timestamps of their own. Kafka stores some batches
     * that no consumer can read, or whose records have other timestamps than it checked, and fails unexpectedly for
     * others; Aeon refuses all of them.
     */
    private static boolean wellFormed(ByteBuffer sent) {
        MutableRecordBatch batch = first(sent);
        if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
            return false;
        }
        try (CloseableIterator<Record> records = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
            records.forEachRemaining(record -> {});
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static Verdict aeon(ByteBuffer sent, BatchRules rules) {
        try {
            ProducedBatch batch = ProducedBatch.of(MemoryRecords.readableRecords(sent), (short) 13);
            return Verdict.accepted(BatchValidator.validate(batch, rules, NOW).bytes());
        } catch (RejectedRecordsException e) {
            return Verdict.refused(
                    e.error(),
                    e.records().stream()
                            .map(RejectedRecordsException.RecordError::index)
                            .toList());
        } catch (ApiException e) {
            return Verdict.refused(Errors.forException(e), List.of());
        }
    }

    private static Verdict kafka(ByteBuffer sent, BatchRules rules) {
        try {
            CompressionType codec = first(sent).compressionType();
            LogValidator validator = new LogValidator(
                    MemoryRecords.readableRecords(sent),
                    new TopicPartition("t", 0),
                    fixedTime(),
                    codec,
                    Compression.of(codec).build(),
                    rules.keysNeeded(),
                    (byte) 2,
                    rules.logAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                    rules.beforeMaxMs(),
                    rules.afterMaxMs(),
                    -1,
                    AppendOrigin.CLIENT,
                    rules.maxRecordBytes());
            return Verdict.accepted(validator
                    .validateMessagesAndAssignOffsets(PrimitiveRef.ofLong(0), unmeasured(), BufferSupplier.NO_CACHING)
                    .validatedRecords()
                    .buffer());
        } catch (RecordValidationException e) {
            return Verdict.refused(
                    Errors.forException(e.invalidException()),
                    e.recordErrors().stream().map(error -> error.batchIndex).toList());
        } catch (RuntimeException e) {
            return Verdict.refused(Errors.forException(e), List.of());
        }
    }

    private static ByteBuffer batch(Random random) {
        CompressionType[] codecs = CompressionType.values();
        SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(4)];
        for (int i = 0; i < records.length; i++) {
            byte[] key = random.nextInt(4) == 0 ? null : new byte[random.nextInt(20)];
            long timestamp = NOW + (random.nextInt(8) == 0 ? random.nextInt(1000) - 500 : -random.nextInt(200));
            records[i] = new SimpleRecord(timestamp, key, new byte[random.nextInt(100)]);
        }
        CompressionType codec = codecs[random.nextInt(codecs.length)];
        return copy(MemoryRecords.withRecords(Compression.of(codec).build(), records)
                .buffer());
    }

    /**
     * Changes one or two bytes and updates the CRC. It keeps the bytes that define the end of the batch and its format.
     * It also keeps Snappy's own bytes, because Kafka's decoder allocates as much memory as they claim.
     */
    private static ByteBuffer mutated(ByteBuffer batch, Random random) {
        boolean snappy = first(batch).compressionType() == CompressionType.SNAPPY;
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            int at = snappy || random.nextBoolean()
                    ? ATTRIBUTES + random.nextInt(RECORDS - ATTRIBUTES)
                    : RECORDS + random.nextInt(batch.limit() - RECORDS);
            batch.put(
                    at, (byte) (random.nextBoolean() ? random.nextInt(256) : batch.get(at) ^ (1 << random.nextInt(8))));
        }
        if ((batch.getShort(ATTRIBUTES) & CODEC) == CompressionType.SNAPPY.id && !snappy) {
            batch.putShort(ATTRIBUTES, (short) 0);
        }
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(ATTRIBUTES));
        return batch.putInt(CRC, (int) crc.getValue());
    }

    private static MutableRecordBatch first(ByteBuffer bytes) {
        return MemoryRecords.readableRecords(bytes.duplicate())
                .batches()
                .iterator()
                .next();
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    private static Time fixedTime() {
        return new Time() {
            @Override
            public long milliseconds() {
                return NOW;
            }

            @Override
            public long nanoseconds() {
                return 0;
            }

            @Override
            public void sleep(long ms) {}
        };
    }

    private static LogValidator.MetricsRecorder unmeasured() {
        return (LogValidator.MetricsRecorder) Proxy.newProxyInstance(
                LogValidator.MetricsRecorder.class.getClassLoader(),
                new Class<?>[] {LogValidator.MetricsRecorder.class},
                (proxy, method, arguments) -> null);
    }
}
