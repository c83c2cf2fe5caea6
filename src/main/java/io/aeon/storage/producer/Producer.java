package io.aeon.storage.producer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The state of one producer in a log. A log may have a million producers, hence the packed form: each batch is three
 * numbers in one array, the oldest batch first.
 */
final class Producer {
    static final int BATCHES = 5;
    static final short NO_EPOCH = -1;
    static final int NO_COORDINATOR = -1;
    static final long NO_TRANSACTION = -1;

    private static final int SEQUENCES = 0;
    private static final int LAST_OFFSET = 1;
    private static final int TIMESTAMP = 2;
    private static final int WIDTH = 3;
    private static final long[] NONE = {};

    private final long id;
    private short epoch = NO_EPOCH;
    private int coordinatorEpoch = NO_COORDINATOR;
    private long lastTimestamp = -1;
    /** First offset of the open transaction; while none is open, the complement of the last marker's offset. */
    private long transaction = ~0;

    private long[] batches = NONE;

    Producer(long id) {
        this.id = id;
    }

    long id() {
        return id;
    }

    short epoch() {
        return epoch;
    }

    int coordinatorEpoch() {
        return coordinatorEpoch;
    }

    long lastTimestamp() {
        return lastTimestamp;
    }

    long transactionStart() {
        return hasOpenTransaction() ? transaction : NO_TRANSACTION;
    }

    boolean hasOpenTransaction() {
        return transaction >= 0;
    }

    void beginTransaction(long firstOffset) {
        transaction = firstOffset;
    }

    /** No transaction is open after the marker at {@code offset}. */
    void endTransaction(long offset) {
        transaction = ~offset;
    }

    /** Offset of its last batch or marker in any epoch; only of a producer without an open transaction. */
    long lastWrite() {
        return Math.max(lastOffset(), ~transaction);
    }

    int batchCount() {
        return batches.length / WIDTH;
    }

    /** Offset of the last record in this epoch, -1 if there is none yet. */
    long lastOffset() {
        return batches.length == 0 ? -1 : lastOffset(batchCount() - 1);
    }

    /** -1 if there is no batch in this epoch yet. */
    int lastSequence() {
        return batches.length == 0 ? ProducerBatch.NO_SEQUENCE : lastSequence(batchCount() - 1);
    }

    int firstSequence(int batch) {
        return (int) (batches[batch * WIDTH + SEQUENCES] >>> Integer.SIZE);
    }

    int lastSequence(int batch) {
        return (int) batches[batch * WIDTH + SEQUENCES];
    }

    int offsetDelta(int batch) {
        return Sequences.distance(firstSequence(batch), lastSequence(batch));
    }

    long lastOffset(int batch) {
        return batches[batch * WIDTH + LAST_OFFSET];
    }

    long timestamp(int batch) {
        return batches[batch * WIDTH + TIMESTAMP];
    }

    /** The place of the same batch if it is one of the last batches, otherwise null. */
    @Nullable
    AppendedBatch find(ProducerBatch batch) {
        if (batch.epoch() != epoch) {
            return null;
        }
        long sequences = pack(batch.firstSequence(), batch.lastSequence());
        for (int i = 0; i < batchCount(); i++) {
            if (batches[i * WIDTH + SEQUENCES] == sequences) {
                return new AppendedBatch(lastOffset(i) - offsetDelta(i), lastOffset(i), timestamp(i));
            }
        }
        return null;
    }

    void add(ProducerBatch batch) {
        enter(batch.epoch());
        int last = batch.lastSequence();
        add(Sequences.subtract(last, batch.offsetDelta()), last, batch.lastOffset(), batch.timestamp());
        lastTimestamp = batch.timestamp();
    }

    void add(int firstSequence, int lastSequence, long lastOffset, long timestamp) {
        long[] more = batches;
        if (batchCount() < BATCHES) {
            more = Arrays.copyOf(batches, batches.length + WIDTH);
        } else {
            System.arraycopy(batches, WIDTH, more, 0, batches.length - WIDTH);
        }
        int at = more.length - WIDTH;
        more[at + SEQUENCES] = pack(firstSequence, lastSequence);
        more[at + LAST_OFFSET] = lastOffset;
        more[at + TIMESTAMP] = timestamp;
        batches = more;
    }

    void end(EndMarker marker) {
        enter(marker.epoch());
        coordinatorEpoch = marker.coordinatorEpoch();
        lastTimestamp = marker.timestamp();
        endTransaction(marker.offset());
    }

    void restore(short knownEpoch, int knownCoordinatorEpoch, long knownTimestamp, long knownTransactionStart) {
        epoch = knownEpoch;
        coordinatorEpoch = knownCoordinatorEpoch;
        lastTimestamp = knownTimestamp;
        if (knownTransactionStart != NO_TRANSACTION) {
            beginTransaction(knownTransactionStart);
        }
    }

    ActiveProducer describe() {
        return new ActiveProducer(id, epoch, lastSequence(), lastTimestamp, coordinatorEpoch, transactionStart());
    }

    private void enter(short newEpoch) {
        if (epoch != newEpoch) {
            epoch = newEpoch;
            batches = NONE;
        }
    }

    private static long pack(int first, int last) {
        return (long) first << Integer.SIZE | Integer.toUnsignedLong(last);
    }
}
