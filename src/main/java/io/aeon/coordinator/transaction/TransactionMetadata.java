package io.aeon.coordinator.transaction;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * The state of a transactional id in one record, and the possible next states. Immutable.
 *
 * @param previousProducerId the producer id in the previous record, -1 if it is unknown
 * @param nextProducerId the producer id after the completion if the epochs of this one are used up, otherwise -1
 * @param lastProducerEpoch the previous epoch of the same producer, -1 if there is none; not stored
 * @param timeoutMs maximum milliseconds of a transaction
 * @param partitions the partitions of the transaction that have no marker yet
 * @param startMs start of the transaction, milliseconds since the epoch, -1 if there is none
 * @param updateMs time of this change, milliseconds since the epoch
 * @param clientVersion the producer's transaction.version
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
    /** From this version on each transaction has its own epoch (KIP-890). */
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

    /** A producer never gets the last epoch of an id, so that every producer can still be fenced. */
    static boolean isExhausted(short epoch) {
        return epoch >= Short.MAX_VALUE - 1;
    }

    /** A producer starts with this epoch; {@code last} is the previous epoch of the same producer. */
    TransactionMetadata begun(short epoch, short last, int newTimeoutMs, long nowMs) {
        return empty(producerId, epoch, last, newTimeoutMs, nowMs);
    }

    /** A producer starts with a new producer id, because the epochs of the present one are used up. */
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
     * The producer decides the transaction.
     *
     * @param nextId the next producer id if the epochs of this one are used up, otherwise -1
     */
    TransactionMetadata decided(boolean commit, short version, long nextId, long nowMs) {
        boolean bumps = version >= EPOCH_PER_TRANSACTION;
        short epoch = bumps ? (short) (producerEpoch + 1) : producerEpoch;
        short last = bumps ? producerEpoch : lastProducerEpoch;
        TransactionState next = commit ? TransactionState.PREPARE_COMMIT : TransactionState.PREPARE_ABORT;
        return prepared(next, epoch, last, nextId, version, nowMs);
    }

    /**
     * The coordinator aborts the transaction; only the next epoch can begin another transaction.
     *
     * @param version the transaction.version in force: no producer takes part
     * @param nextId as for {@link #decided}
     */
    TransactionMetadata fenced(short version, long nextId, long nowMs) {
        short epoch = (short) Math.min(producerEpoch + 1, Short.MAX_VALUE);
        return prepared(TransactionState.PREPARE_ABORT, epoch, producerEpoch, nextId, version, nowMs);
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
