package io.aeon.storage.producer;

import io.aeon.storage.producer.RefusedAppendException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The producer states of one log: they decide which batches may be appended, and up to which offset committed records
 * may be read. Rules and limits are Kafka's. The {@code admit} methods change nothing; the {@code appended} methods
 * record an append. Thread-safe.
 */
public final class ProducerStates {
    private static final int FIRST_WITH_EPOCH_PER_TRANSACTION = 2;

    private final ProducerTable producers = new ProducerTable();
    private final Transactions transactions = new Transactions();
    private volatile int size;
    private volatile boolean stable = true;
    private volatile long endOffset;

    /** The states in a snapshot; null if it is damaged or was not taken at {@code endOffset}. */
    public static @Nullable ProducerStates restore(ByteBuffer snapshot, long endOffset) {
        ProducerStates states = new ProducerStates();
        boolean whole = ProducerSnapshot.decode(snapshot, endOffset, states::restore);
        states.endOffset = endOffset;
        return whole ? states : null;
    }

    /**
     * The log from {@link #endOffset} on was removed, and perhaps markers with it: the open transactions count as ended,
     * because one whose marker was there would never end.
     */
    public synchronized void forgetTransactions() {
        producers.forEach(producer -> {
            if (producer.hasOpenTransaction()) {
                producer.endTransaction(producer.transactionStart());
            }
        });
        transactions.clear();
        stable = true;
    }

    private void restore(Producer producer) {
        put(producer);
        if (producer.hasOpenTransaction()) {
            transactions.begin(producer.transactionStart());
            stable = false;
        }
    }

    /** A snapshot of the present states. */
    public synchronized Snapshot snapshot() {
        long now = endOffset;
        return new Snapshot(now, ProducerSnapshot.encode(producers, now));
    }

    /**
     * A snapshot for {@link #restore}.
     *
     * @param endOffset the states include all batches below this offset
     * @param bytes the states in the format of Kafka's producer snapshots
     */
    public record Snapshot(long endOffset, ByteBuffer bytes) {}

    /** The states include every batch below this offset. */
    public long endOffset() {
        return endOffset;
    }

    /** All batches and markers below {@code offset} have been recorded; for the caller that records them. */
    public void reached(long offset) {
        endOffset = offset;
    }

    public int size() {
        return size;
    }

    /**
     * Whether a batch may be appended. Returns the place of the first append if the batch is a duplicate of one of its
     * producer's last five batches; a duplicate must not be appended again. Returns null for a new batch.
     *
     * @throws RefusedAppendException the batch must not be appended
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
                            + producer.transactionStart() + ", but the batch is not transactional");
        }
        return null;
    }

    /**
     * In a log that never had a record, a sequence number above 0 belongs to a batch that arrived before the producer's
     * first batch. If it were appended, the first batch would be refused for ever (KAFKA-15591, Kafka 4.5). In any
     * other log the producer's state may have expired.
     */
    private void requireFirst(ProducerBatch batch) {
        if (endOffset == 0 && batch.firstSequence() > 0) {
            throw outOfOrder(batch);
        }
    }

    private static RefusedAppendException outOfOrder(ProducerBatch batch) {
        return new RefusedAppendException(
                Reason.OUT_OF_ORDER_SEQUENCE,
                "producer " + batch.producerId() + " is unknown and its first batch has sequence number "
                        + batch.firstSequence());
    }

    /**
     * A producer with one epoch per transaction begins each transaction at sequence number 0, so that any other number
     * is wrong for an unknown producer (KAFKA-18202).
     *
     * @throws RefusedAppendException the producer is unknown, and the batch is not its first
     */
    public synchronized void requireKnown(ProducerBatch batch) {
        if (beginsLate(batch)) {
            throw outOfOrder(batch);
        }
    }

    /** Whether the producer is unknown, and the batch is not its first. */
    public synchronized boolean beginsLate(ProducerBatch batch) {
        return batch.firstSequence() > 0 && producers.get(batch.producerId()) == null;
    }

    /** A new epoch begins at sequence number 0; within an epoch no number is omitted. */
    private static void checkSequence(ProducerBatch batch, Producer producer) {
        int expected = batch.epoch() != producer.epoch() ? 0 : Sequences.add(producer.lastSequence(), 1);
        if (batch.firstSequence() != expected) {
            throw new RefusedAppendException(
                    Reason.OUT_OF_ORDER_SEQUENCE,
                    "producer " + batch.producerId() + " with epoch " + batch.epoch() + " sent sequence number "
                            + batch.firstSequence() + ", but sequence number " + expected + " of epoch "
                            + producer.epoch()
                            + " was expected");
        }
    }

    /** Records that a batch was appended. */
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
     * Checks whether a marker may be appended.
     *
     * @param transactionVersion the producer's transaction version; from 2 on the marker has the next epoch, and a
     *     marker with another epoch is late, or a repetition if no transaction is open
     * @throws RefusedAppendException the marker must not be appended
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
                    "a marker for producer " + marker.producerId() + " has coordinator epoch "
                            + marker.coordinatorEpoch() + ", but coordinator epoch " + producer.coordinatorEpoch()
                            + " has been seen");
        }
    }

    /** Records that a marker was appended; returns the transaction that it aborted, empty if that had no records. */
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
     * Every transaction with records below this offset has ended, with its marker below the high watermark.
     *
     * @param highWatermark at or above that of every earlier call
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

    /** Removes producers without an open transaction that have not written since {@code timestamp}. */
    public synchronized void expire(long timestamp) {
        removeIf(producer -> producer.lastTimestamp() <= timestamp);
    }

    /**
     * Forgets the half of the producers without an open transaction that have appended longest ago, whatever time their
     * clients set.
     *
     * @return how many these were
     */
    public synchronized int forgetIdlest() {
        long[] last = new long[producers.size()];
        int[] count = new int[1];
        producers.forEach(producer -> {
            if (!producer.hasOpenTransaction()) {
                last[count[0]++] = producer.lastWrite();
            }
        });
        if (count[0] == 0) {
            return 0;
        }
        Arrays.sort(last, 0, count[0]);
        long median = last[(count[0] - 1) / 2];
        return removeIf(producer -> producer.lastWrite() <= median);
    }

    private int removeIf(Predicate<Producer> condition) {
        int before = producers.size();
        producers.removeIf(producer -> !producer.hasOpenTransaction() && condition.test(producer));
        size = producers.size();
        return before - size;
    }

    private void put(Producer producer) {
        producers.put(producer);
        size = producers.size();
    }

    /** All producers, in any order. */
    public synchronized List<ActiveProducer> active() {
        List<ActiveProducer> active = new ArrayList<>(producers.size());
        producers.forEach(producer -> active.add(producer.describe()));
        return active;
    }

    private Producer obtain(long id) {
        Producer producer = producers.get(id);
        if (producer == null) {
            producer = new Producer(id);
            put(producer);
        }
        return producer;
    }

    private static RefusedAppendException oldEpoch(long id, short epoch, Producer producer) {
        return new RefusedAppendException(
                Reason.PRODUCER_EPOCH,
                "producer " + id + " sent epoch " + epoch + ", but epoch " + producer.epoch() + " has been seen");
    }
}
