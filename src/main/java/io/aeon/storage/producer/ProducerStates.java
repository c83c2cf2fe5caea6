package io.aeon.storage.producer;

import io.aeon.storage.producer.RefusedAppendException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The producers of one log: decides what of theirs may be appended, and what of it readers may see. Rules and limits are
 * those of Kafka's producer state. Asking changes nothing; what was appended has to be told. Thread-safe.
 */
public final class ProducerStates {
    private static final int FIRST_WITH_EPOCH_PER_TRANSACTION = 2;

    private final ProducerTable producers = new ProducerTable();
    private final Transactions transactions = new Transactions();
    private volatile boolean stable = true;
    private volatile long endOffset;

    /** The states of a snapshot; null if it is damaged or was not taken at {@code endOffset}. */
    public static @Nullable ProducerStates restore(ByteBuffer snapshot, long endOffset) {
        ProducerStates states = new ProducerStates();
        boolean whole = ProducerSnapshot.decode(snapshot, endOffset, states::restore);
        states.endOffset = endOffset;
        return whole ? states : null;
    }

    private void restore(Producer producer) {
        producers.put(producer);
        if (producer.hasOpenTransaction()) {
            transactions.begin(producer.transactionStart());
            stable = false;
        }
    }

    /** The states as they are now. */
    public synchronized Snapshot snapshot() {
        long now = endOffset;
        return new Snapshot(now, ProducerSnapshot.encode(producers, now));
    }

    /**
     * States for {@link #restore}.
     *
     * @param endOffset they are those of the log up to here
     * @param bytes in the format of Kafka's producer snapshots
     */
    public record Snapshot(long endOffset, ByteBuffer bytes) {}

    /** Every batch below this offset is in the states. */
    public long endOffset() {
        return endOffset;
    }

    /** All batches and markers below {@code offset} were told; for the one who tells them. */
    public void reached(long offset) {
        endOffset = offset;
    }

    public synchronized int size() {
        return producers.size();
    }

    /**
     * Whether a batch may be appended. If it already was, and is among the last five of its producer, it must not be
     * again: then returns where it is.
     *
     * @throws RefusedAppendException it may not
     */
    public synchronized @Nullable AppendedBatch admit(ProducerBatch batch) {
        Producer producer = producers.get(batch.producerId());
        if (producer == null) {
            requireFirst(batch);
            return null;
        }
        AppendedBatch before = batch.hasSequence() ? producer.find(batch) : null;
        if (before != null) {
            return before;
        }
        if (batch.epoch() < producer.epoch()) {
            throw oldEpoch(batch.producerId(), batch.epoch(), producer);
        }
        if (batch.hasSequence()) {
            checkSequence(batch, producer);
        }
        if (producer.hasOpenTransaction() && !batch.transactional()) {
            throw new RefusedAppendException(
                    Reason.OPEN_TRANSACTION,
                    "producer " + batch.producerId() + " has a transaction open since offset "
                            + producer.transactionStart() + ", its batch belongs to none");
        }
        return null;
    }

    /**
     * In a log that never had a record, a sequence above 0 is of a batch that has overtaken the first one, which would be
     * refused for ever once this one is there (KAFKA-15591, Kafka 4.5). In any other log the producer may have expired.
     */
    private void requireFirst(ProducerBatch batch) {
        if (endOffset == 0 && batch.firstSequence() > 0) {
            throw beginsLate(batch);
        }
    }

    private static RefusedAppendException beginsLate(ProducerBatch batch) {
        return new RefusedAppendException(
                Reason.OUT_OF_ORDER_SEQUENCE,
                "producer " + batch.producerId() + " is not known and begins with sequence " + batch.firstSequence());
    }

    /**
     * A producer with an epoch for each transaction begins each at sequence 0, so that from one that is not known nothing
     * else is right (KAFKA-18202).
     *
     * @throws RefusedAppendException the producer is not known, and the batch is not its first
     */
    public synchronized void requireKnown(ProducerBatch batch) {
        if (batch.firstSequence() > 0 && producers.get(batch.producerId()) == null) {
            throw beginsLate(batch);
        }
    }

    /** A new epoch begins at 0; within an epoch no number is left out. */
    private static void checkSequence(ProducerBatch batch, Producer producer) {
        int expected = batch.epoch() != producer.epoch() ? 0 : Sequences.add(producer.lastSequence(), 1);
        if (batch.firstSequence() != expected) {
            throw new RefusedAppendException(
                    Reason.OUT_OF_ORDER_SEQUENCE,
                    "producer " + batch.producerId() + " of epoch " + batch.epoch() + " sent sequence "
                            + batch.firstSequence() + " where " + expected + " of epoch " + producer.epoch()
                            + " should come");
        }
    }

    /** A batch was appended. */
    public synchronized void appended(ProducerBatch batch) {
        Producer producer = obtain(batch.producerId());
        producer.add(batch);
        endOffset = batch.lastOffset() + 1;
        if (batch.transactional() && !producer.hasOpenTransaction()) {
            producer.beginTransaction(batch.baseOffset());
            transactions.begin(batch.baseOffset());
            stable = false;
        }
    }

    /**
     * Whether a marker may be appended.
     *
     * @param transactionVersion the producer's; from 2 on the marker brings the next epoch, and one that does not is
     *     late, or repeated if no transaction is open
     * @throws RefusedAppendException it may not
     */
    public synchronized void admit(EndMarker marker, int transactionVersion) {
        Producer producer = producers.get(marker.producerId());
        if (producer == null) {
            return;
        }
        boolean late = transactionVersion >= FIRST_WITH_EPOCH_PER_TRANSACTION
                && marker.epoch() == producer.epoch()
                && producer.hasOpenTransaction();
        if (late || marker.epoch() < producer.epoch()) {
            throw oldEpoch(marker.producerId(), marker.epoch(), producer);
        }
        if (marker.coordinatorEpoch() < producer.coordinatorEpoch()) {
            throw new RefusedAppendException(
                    Reason.COORDINATOR_EPOCH,
                    "a marker for producer " + marker.producerId() + " of coordinator epoch "
                            + marker.coordinatorEpoch() + " after one of " + producer.coordinatorEpoch());
        }
    }

    /** A marker was appended; the transaction it aborted, if it had any records. */
    public synchronized Optional<AbortedTransaction> appended(EndMarker marker) {
        Producer producer = obtain(marker.producerId());
        long firstOffset = producer.transactionStart();
        boolean ends = producer.hasOpenTransaction();
        producer.end(marker);
        endOffset = marker.offset() + 1;
        if (!ends) {
            return Optional.empty();
        }
        long lastStableOffset = transactions.end(firstOffset, marker.offset());
        return marker.aborts()
                ? Optional.of(
                        new AbortedTransaction(marker.producerId(), firstOffset, marker.offset(), lastStableOffset))
                : Optional.empty();
    }

    /**
     * Below this offset every transaction has ended, and its end is below the high watermark.
     *
     * @param highWatermark not below that of any call before
     */
    public long lastStableOffset(long highWatermark) {
        if (stable) {
            return highWatermark;
        }
        synchronized (this) {
            long offset = transactions.lastStableOffset(highWatermark);
            stable = transactions.isEmpty();
            return offset;
        }
    }

    /** Forgets producers without an open transaction that have not written since {@code timestamp}. */
    public synchronized void expire(long timestamp) {
        producers.removeIf(producer -> !producer.hasOpenTransaction() && producer.lastTimestamp() <= timestamp);
    }

    /** All producers, in no order. */
    public synchronized List<ActiveProducer> active() {
        List<ActiveProducer> active = new ArrayList<>(producers.size());
        producers.forEach(producer -> active.add(producer.describe()));
        return active;
    }

    private Producer obtain(long id) {
        Producer producer = producers.get(id);
        if (producer == null) {
            producer = new Producer(id);
            producers.put(producer);
        }
        return producer;
    }

    private static RefusedAppendException oldEpoch(long id, short epoch, Producer producer) {
        return new RefusedAppendException(
                Reason.PRODUCER_EPOCH,
                "producer " + id + " of epoch " + epoch + ", epoch " + producer.epoch() + " has been seen");
    }
}
