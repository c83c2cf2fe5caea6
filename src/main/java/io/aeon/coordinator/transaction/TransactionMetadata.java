package io.aeon.coordinator.transaction;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * A transactional id as one record leaves it, and what may follow. Immutable.
 *
 * @param previousProducerId the id in the record before this one, -1 if that is not known
 * @param nextProducerId the id that follows when the transaction is complete, because its epochs are used up; else -1
 * @param lastProducerEpoch the epoch before {@code producerEpoch} if the same producer had it, else -1; not stored
 * @param timeoutMs how long a transaction may last
 * @param partitions those in the transaction that still need its end
 * @param startMs when the transaction began, milliseconds since the epoch, -1 if none has
 * @param updateMs when this came about
 * @param clientVersion the transaction.version that the producer followed
 */
public record TransactionMetadata(
        long producerId,
        long previousProducerId,
        long nextProducerId,
        short producerEpoch,
        short lastProducerEpoch,
        int timeoutMs,
        TransactionState state,
        Set<TopicPartition> partitions,
        long startMs,
        long updateMs,
        short clientVersion) {
    static final long NO_ID = -1;
    static final short NO_EPOCH = -1;
    /** From this version on each transaction has an epoch of its own (KIP-890). */
    static final short EPOCH_PER_TRANSACTION = 2;

    private static final long NO_TIME = -1;

    static TransactionMetadata first(long producerId, int timeoutMs, long nowMs) {
        return new TransactionMetadata(
                producerId,
                NO_ID,
                NO_ID,
                (short) 0,
                NO_EPOCH,
                timeoutMs,
                TransactionState.EMPTY,
                Set.of(),
                NO_TIME,
                nowMs,
                (short) 0);
    }

    boolean is(TransactionState other) {
        return state == other;
    }

    /** The last epoch of an id is never given to a producer, so that whoever has one can still be fenced. */
    static boolean isExhausted(short epoch) {
        return epoch >= Short.MAX_VALUE - 1;
    }

    /** A producer begins: with this epoch, after {@code last} if it is the same one. */
    TransactionMetadata begun(short epoch, short last, int newTimeoutMs, long nowMs) {
        return empty(producerId, epoch, last, newTimeoutMs, nowMs);
    }

    /** A producer begins with another id, for the epochs of this one are used up. */
    TransactionMetadata rotated(long newProducerId, boolean sameProducer, int newTimeoutMs, long nowMs) {
        short last = sameProducer ? producerEpoch : NO_EPOCH;
        return empty(newProducerId, (short) 0, last, newTimeoutMs, nowMs);
    }

    private TransactionMetadata empty(long id, short epoch, short last, int newTimeoutMs, long nowMs) {
        return new TransactionMetadata(
                id,
                producerId,
                NO_ID,
                epoch,
                last,
                newTimeoutMs,
                TransactionState.EMPTY,
                Set.of(),
                NO_TIME,
                nowMs,
                clientVersion);
    }

    TransactionMetadata with(Set<TopicPartition> added, short version, long nowMs) {
        Set<TopicPartition> all = new HashSet<>(partitions);
        all.addAll(added);
        return new TransactionMetadata(
                producerId,
                producerId,
                nextProducerId,
                producerEpoch,
                lastProducerEpoch,
                timeoutMs,
                TransactionState.ONGOING,
                Set.copyOf(all),
                is(TransactionState.ONGOING) ? startMs : nowMs,
                nowMs,
                version);
    }

    /**
     * The end is decided by the producer.
     *
     * @param nextId an id to go on with if this one's epochs are used up, else -1
     */
    TransactionMetadata decided(boolean commit, short version, long nextId, long nowMs) {
        boolean bumps = version >= EPOCH_PER_TRANSACTION;
        short epoch = bumps ? (short) (producerEpoch + 1) : producerEpoch;
        short last = bumps ? producerEpoch : lastProducerEpoch;
        TransactionState next = commit ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT;
        return prepared(next, epoch, last, nextId, version, nowMs);
    }

    /**
     * The coordinator ends the transaction: only the next epoch is good for another one.
     *
     * @param nextId as for {@link #decided}
     */
    TransactionMetadata fenced(long nextId, long nowMs) {
        short epoch = (short) Math.min(producerEpoch + 1, Short.MAX_VALUE);
        return prepared(TransactionState.PREPARE_ABORT, epoch, producerEpoch, nextId, EPOCH_PER_TRANSACTION, nowMs);
    }

    private TransactionMetadata prepared(
            TransactionState next, short epoch, short last, long nextId, short version, long nowMs) {
        return new TransactionMetadata(
                producerId,
                producerId,
                nextId,
                epoch,
                last,
                timeoutMs,
                next,
                partitions,
                is(TransactionState.ONGOING) ? startMs : nowMs,
                nowMs,
                version);
    }

    TransactionMetadata completed(long nowMs) {
        boolean rotates = nextProducerId != NO_ID;
        return new TransactionMetadata(
                rotates ? nextProducerId : producerId,
                producerId,
                NO_ID,
                rotates ? 0 : producerEpoch,
                lastProducerEpoch,
                timeoutMs,
                state.isCommit() ? TransactionState.COMPLETE_COMMIT : TransactionState.COMPLETE_ABORT,
                Set.of(),
                startMs,
                nowMs,
                clientVersion);
    }
}
