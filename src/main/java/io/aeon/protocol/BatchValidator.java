package io.aeon.protocol;

import io.aeon.protocol.RejectedRecordsException.RecordError;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a producer's batch may be appended, as Kafka decides it, and converts the batch to the form that its
 * topic requires. Each instance serves one batch.
 */
public final class BatchValidator {
    private static final int MOST_ERRORS_TOLD = 1000;
    private static final int ERRORS_IN_A_MESSAGE = 3;
    /** A batch that grows more by its topic's codec is written where its new size can be waited for. */
    private static final long MOST_GROWTH_AT_ONCE = 2;

    private final DefaultRecordBatch batch;
    private final ByteBuffer bytes;
    private final BatchRules rules;
    private final long now;
    private final Allowance allowance;
    private final List<RecordError> errors = new ArrayList<>(0);
    private boolean wrongTimestamp;
    private boolean misnumbered;
    private long maxTimestamp = RecordBatch.NO_TIMESTAMP;

    private BatchValidator(ProducedBatch produced, BatchRules rules, long now, Allowance allowance) {
        this.batch = produced.header();
        this.bytes = produced.bytes();
        this.rules = rules;
        this.now = now;
        this.allowance = allowance;
    }

    /**
     * Validates a batch and all its records; may change the batch in place. This can take a second, and can wait for
     * memory that other batches hold.
     *
     * @param now milliseconds since the epoch
     * @throws RejectedRecordsException single records are invalid
     * @throws org.apache.kafka.common.errors.ApiException the batch itself is invalid
     */
    public static ValidatedBatch validate(ProducedBatch produced, BatchRules rules, long now) {
        return new BatchValidator(produced, rules, now, Allowance.ofBatch()).validate();
    }

    /**
     * As {@link #validate(ProducedBatch, BatchRules, long)}, but returns at once.
     *
     * @param allowance of the request that holds the batch
     * @return empty if the allowance does not suffice; the batch is unchanged then
     */
    public static Optional<ValidatedBatch> validateAtOnce(
            ProducedBatch produced, BatchRules rules, long now, Allowance allowance) {
        try {
            return Optional.of(new BatchValidator(produced, rules, now, allowance).validate());
        } catch (Allowance.UsedUp e) {
            return Optional.empty();
        }
    }

    private ValidatedBatch validate() {
        checkEnvelope();
        checkHeader();
        Compression target = rules.compression();
        ByteBuffer checked = target == null || target.type() == batch.compressionType()
                ? checkedInPlace()
                : rebuilt(target, this::check);
        ByteBuffer stored = misnumbered ? rebuilt(target == null ? ownCodec() : target, this::renumber) : checked;
        return new ValidatedBatch(stored, rules.logAppendTime() ? now : RecordBatch.NO_TIMESTAMP);
    }

    private Compression ownCodec() {
        return Compression.of(batch.compressionType()).build();
    }

    private ByteBuffer checkedInPlace() {
        check(null);
        if (!misnumbered) {
            batch.setMaxTimestamp(timestampType(), latest());
        }
        return bytes;
    }

    /** Writes the records of a new batch. */
    private interface Records {
        void writeTo(OutputStream target);
    }

    private ByteBuffer rebuilt(Compression target, Records records) {
        if (!batch.isCompressed()) {
            allowance.begin(bytes.remaining());
            allowance.take(bytes.remaining());
        }
        int most = allowance.canContinueElsewhere()
                ? (int) Math.min(rules.maxBatchBytes(), MOST_GROWTH_AT_ONCE * bytes.remaining())
                : rules.maxBatchBytes();
        try (BatchRebuild rebuild = new BatchRebuild(bytes, target, most, () -> tooLargeAfterRebuild(most))) {
            records.writeTo(rebuild.records());
            return rebuild.finish(rebuilt -> BatchRebuild.setTimestamps(rebuilt, rules.logAppendTime(), latest()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks all records.
     *
     * @param copy receives their bytes, so that they pass from one codec to the other meanwhile; null for none
     */
    private void check(@Nullable OutputStream copy) {
        misnumbered = !Decompression.walk(batch, bytes, allowance, copy, this::checkRecords);
        if (!errors.isEmpty()) {
            throw rejected();
        }
    }

    /** Some clients give all records the offset delta 0 and leave it to the broker to number them. */
    private void renumber(OutputStream target) {
        int count = batch.countOrNull();
        Decompression.walk(batch, bytes, allowance.again(), records -> {
            for (int i = 0; i < count; i++) {
                records.renumberNext(target, i);
            }
            return count;
        });
    }

    private long latest() {
        return rules.logAppendTime() ? now : maxTimestamp;
    }

    private RuntimeException tooLargeAfterRebuild(int most) {
        return most < rules.maxBatchBytes()
                ? new Allowance.UsedUp()
                : new RecordTooLargeException("The batch for " + rules.topicPartition()
                        + " is larger than max.message.bytes of its topic, " + most
                        + ", in the form in which it would be stored.");
    }

    private TimestampType timestampType() {
        return rules.logAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    private void checkEnvelope() {
        if (batch.baseOffset() != 0) {
            throw invalid("its base offset is " + batch.baseOffset() + " instead of 0");
        }
        checkSize(batch.sizeInBytes());
        if (!batch.isValid()) {
            throw new CorruptRecordException("The batch for " + rules.topicPartition() + " has a wrong CRC.");
        }
    }

    private void checkSize(int size) {
        if (size > rules.maxBatchBytes()) {
            throw new RecordTooLargeException("The batch for " + rules.topicPartition() + " has " + size
                    + " bytes; max.message.bytes of its topic is " + rules.maxBatchBytes() + ".");
        }
    }

    private void checkHeader() {
        int count = batch.countOrNull();
        if (count <= 0 || batch.lastOffset() - batch.baseOffset() + 1 != count) {
            throw invalid("its header claims " + count + " records and the last offset " + batch.lastOffset());
        }
        if (batch.isControlBatch()) {
            throw invalid("only brokers write control records");
        }
        if (batch.hasProducerId() && batch.baseSequence() < 0) {
            throw invalid("its producer id is " + batch.producerId() + " and its sequence " + batch.baseSequence());
        }
    }

    /** Returns whether the offset deltas are 0, 1, 2 and so on. */
    private boolean checkRecords(RecordCursor records) {
        int count = batch.countOrNull();
        boolean numbered = true;
        for (int i = 0; i < count; i++) {
            records.next();
            if (batch.isCompressed() && records.size() > rules.maxRecordBytes()) {
                throw invalid("record " + i + " has " + records.size() + " bytes after decompression;"
                        + " max.decompressed.message.bytes of its topic is " + rules.maxRecordBytes());
            }
            numbered &= records.offsetDelta() == i;
            checkRecord(i, records);
        }
        if (!records.atEnd()) {
            throw invalid("bytes follow its " + count + " records");
        }
        return numbered;
    }

    private void checkRecord(int index, RecordCursor record) {
        boolean batchTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
        long timestamp = batchTime ? batch.maxTimestamp() : batch.baseTimestamp() + record.timestampDelta();
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        if (rules.keysNeeded() && !record.hasKey()) {
            reject(
                    index,
                    "Compacted topic cannot accept message without key in topic partition " + rules.topicPartition());
        } else if (batchTime) {
            wrongTimestamp = true;
            reject(index, "A producer must not set the timestamp type LogAppendTime.");
        } else if (!rules.logAppendTime() && timestamp != RecordBatch.NO_TIMESTAMP) {
            checkTimestamp(index, timestamp);
        }
    }

    private void checkTimestamp(int index, long timestamp) {
        long age = now - timestamp;
        if (age > rules.beforeMaxMs() || -age > rules.afterMaxMs()) {
            wrongTimestamp = true;
            reject(
                    index,
                    "Timestamp " + timestamp + " of message with offset " + index
                            + " is out of range. The timestamp should be within [" + (now - rules.beforeMaxMs()) + ", "
                            + (now + rules.afterMaxMs()) + "]");
        }
    }

    /** The records behind the last error that is told are not looked at: the batch is refused anyway. */
    private void reject(int index, String message) {
        errors.add(new RecordError(index, message));
        if (errors.size() == MOST_ERRORS_TOLD) {
            throw rejected();
        }
    }

    private RejectedRecordsException rejected() {
        return wrongTimestamp
                ? new RejectedRecordsException(
                        Errors.INVALID_TIMESTAMP,
                        "One or more records have been rejected due to invalid timestamp",
                        errors)
                : new RejectedRecordsException(
                        Errors.INVALID_RECORD,
                        "One or more records have been rejected due to " + errors.size()
                                + " record errors in total, and only showing the first three errors at most: "
                                + errors.stream()
                                        .limit(ERRORS_IN_A_MESSAGE)
                                        .map(BatchValidator::text)
                                        .toList(),
                        errors);
    }

    private static String text(RecordError error) {
        return "RecordError(batchIndex=" + error.index() + ", message='" + error.message() + "')";
    }

    private InvalidRecordException invalid(String why) {
        return new InvalidRecordException("The batch for " + rules.topicPartition() + " is refused: " + why + ".");
    }
}
