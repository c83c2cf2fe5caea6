package io.aeon.storage.producer;

import io.aeon.storage.producer.RefusedAppendException.Reason;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.BatchMetadata;
import org.apache.kafka.storage.internals.log.CompletedTxn;
import org.apache.kafka.storage.internals.log.ProducerAppendInfo;
import org.apache.kafka.storage.internals.log.ProducerStateEntry;
import org.apache.kafka.storage.internals.log.ProducerStateManager;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.jspecify.annotations.Nullable;

/** Kafka's own producer state, for the same batches. */
final class KafkaProducers {
    private static final TopicPartition PARTITION = new TopicPartition("topic", 0);
    private static final int DAY_MS = 86_400_000;

    private final ProducerStateManager states;
    private final List<AbortedTransaction> aborted = new ArrayList<>();

    KafkaProducers() {
        try {
            states = new ProducerStateManager(
                    PARTITION,
                    new File("/does/not/exist"),
                    DAY_MS,
                    new ProducerStateManagerConfig(DAY_MS, false),
                    Time.SYSTEM);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The reason why a batch is refused, or its place. */
    record Verdict(@Nullable Reason refused, boolean duplicate, long baseOffset) {}

    Verdict append(ByteBuffer bytes, long offset) {
        MutableRecordBatch batch = batch(bytes);
        if (!batch.hasProducerId()) {
            return new Verdict(null, false, offset);
        }
        if (offset == 0 && batch.baseSequence() > 0) {
            // Kafka 4.5 (KAFKA-15591): a log without records accepts only the first batch of a producer.
            return new Verdict(Reason.OUT_OF_ORDER_SEQUENCE, false, -1);
        }
        AppendOrigin origin = batch.baseSequence() < 0 ? AppendOrigin.COORDINATOR : AppendOrigin.CLIENT;
        if (origin == AppendOrigin.CLIENT) {
            Optional<BatchMetadata> before =
                    states.lastEntry(batch.producerId()).flatMap(entry -> find(entry, batch));
            if (before.isPresent()) {
                return new Verdict(null, true, before.get().firstOffset());
            }
        }
        return update(batch, offset, origin, (short) 0);
    }

    private static Optional<BatchMetadata> find(ProducerStateEntry entry, MutableRecordBatch batch) {
        return entry.producerEpoch() != batch.producerEpoch()
                ? Optional.empty()
                : entry.batchMetadata().stream()
                        .filter(each ->
                                each.firstSeq() == batch.baseSequence() && each.lastSeq() == batch.lastSequence())
                        .findFirst();
    }

    Verdict appendMarker(ByteBuffer bytes, long offset, int transactionVersion) {
        return update(batch(bytes), offset, AppendOrigin.COORDINATOR, (short) transactionVersion);
    }

    /** Replays a batch that has its offset. */
    void replay(ByteBuffer bytes) {
        MutableRecordBatch batch = batch(bytes);
        if (batch.hasProducerId()) {
            update(batch, batch.baseOffset(), AppendOrigin.REPLICATION, (short) 0);
        }
    }

    private Verdict update(MutableRecordBatch batch, long offset, AppendOrigin origin, short transactionVersion) {
        batch.setLastOffset(offset + batch.lastOffset() - batch.baseOffset());
        ProducerAppendInfo info = states.prepareUpdate(batch.producerId(), origin);
        Optional<CompletedTxn> completed;
        try {
            completed = info.append(batch, Optional.empty(), transactionVersion);
        } catch (ApiException e) {
            return new Verdict(reason(e), false, -1);
        }
        states.update(info);
        completed.ifPresent(this::complete);
        return new Verdict(null, false, offset);
    }

    private void complete(CompletedTxn completed) {
        if (completed.isAborted()) {
            aborted.add(new AbortedTransaction(
                    completed.producerId(),
                    completed.firstOffset(),
                    completed.lastOffset(),
                    states.lastStableOffset(completed)));
        }
        states.completeTxn(completed);
    }

    private static Reason reason(ApiException refusal) {
        if (refusal instanceof OutOfOrderSequenceException) {
            return Reason.OUT_OF_ORDER_SEQUENCE;
        } else if (refusal instanceof InvalidProducerEpochException) {
            return Reason.PRODUCER_EPOCH;
        } else if (refusal instanceof TransactionCoordinatorFencedException) {
            return Reason.COORDINATOR_EPOCH;
        } else if (refusal instanceof InvalidTxnStateException) {
            return Reason.OPEN_TRANSACTION;
        }
        throw refusal;
    }

    long lastStableOffset(long highWatermark, long logStartOffset) {
        states.onHighWatermarkUpdated(highWatermark);
        return states.firstUnstableOffset()
                .map(first -> Math.min(highWatermark, Math.max(first.messageOffset, logStartOffset)))
                .orElse(highWatermark);
    }

    List<AbortedTransaction> aborted(long from) {
        return aborted.stream().filter(each -> each.lastOffset() >= from).toList();
    }

    short epoch(long id) {
        return states.lastEntry(id).map(ProducerStateEntry::producerEpoch).orElse((short) 0);
    }

    int nextSequence(long id) {
        Collection<BatchMetadata> batches = lastBatches(id);
        return batches.isEmpty()
                ? 0
                : (batches.stream()
                                        .reduce((first, second) -> second)
                                        .orElseThrow()
                                        .lastSeq()
                                + 1)
                        & Integer.MAX_VALUE;
    }

    Collection<BatchMetadata> lastBatches(long id) {
        return states.lastEntry(id).map(ProducerStateEntry::batchMetadata).orElse(List.of());
    }

    boolean hasOpenTransaction(long id) {
        return states.lastEntry(id)
                .map(entry -> entry.currentTxnFirstOffset().isPresent())
                .orElse(false);
    }

    List<ActiveProducer> active() {
        return states.activeProducers().values().stream()
                .map(entry -> new ActiveProducer(
                        entry.producerId(),
                        entry.producerEpoch(),
                        entry.batchMetadata().stream()
                                .reduce((first, second) -> second)
                                .map(last -> last.lastSeq())
                                .orElse(-1),
                        entry.lastTimestamp(),
                        entry.coordinatorEpoch(),
                        entry.currentTxnFirstOffset().orElse(-1)))
                .toList();
    }

    private static MutableRecordBatch batch(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        copy.put(bytes.duplicate()).flip();
        return MemoryRecords.readableRecords(copy).batches().iterator().next();
    }
}
