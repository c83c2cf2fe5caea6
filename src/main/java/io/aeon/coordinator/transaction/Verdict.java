package io.aeon.coordinator.transaction;

import io.aeon.coordinator.transaction.TransactionCommand.EndTransaction;
import org.apache.kafka.common.protocol.Errors;

/** What a request to end a transaction comes to. */
enum Verdict {
    /** Decide the transaction. */
    DECIDE,
    /** It is decided so; the answer must wait for its markers. */
    AWAIT,
    /** It has been done before: the answer got lost. */
    REPEAT,
    UNKNOWN_PRODUCER,
    FENCED,
    /** The transaction is not in a state that can end so. */
    INVALID;

    Errors error() {
        return switch (this) {
            case UNKNOWN_PRODUCER -> Errors.INVALID_PRODUCER_ID_MAPPING;
            case FENCED -> Errors.PRODUCER_FENCED;
            case INVALID -> Errors.INVALID_TXN_STATE;
            case DECIDE, AWAIT, REPEAT -> Errors.NONE;
        };
    }

    /**
     * A producer with an epoch for each transaction is recognised by the epoch: the present one asks for the end of the
     * next transaction, the one before repeats itself. Others are recognised by the state alone. Which of both a producer
     * is, its request tells.
     */
    static Verdict on(TransactionMetadata current, EndTransaction end) {
        boolean sameId = current.producerId() == end.producerId();
        boolean sameEpoch = current.producerEpoch() == end.producerEpoch();
        boolean bumped = end.bumpsEpoch() && end.producerEpoch() + 1 == current.producerEpoch();
        boolean rotated = end.bumpsEpoch()
                && current.previousProducerId() == end.producerId()
                && end.producerEpoch() == Short.MAX_VALUE - 1
                && current.producerEpoch() == 0;
        boolean retry = bumped || rotated;
        if (!sameId && !rotated) {
            return UNKNOWN_PRODUCER;
        }
        boolean fits = switch (current.state()) {
            case PREPARE_COMMIT, PREPARE_ABORT -> end.bumpsEpoch() ? bumped : sameEpoch;
            case COMPLETE_COMMIT, COMPLETE_ABORT -> retry || sameEpoch;
            case EMPTY, ONGOING, DEAD -> sameEpoch;
        };
        return fits ? byState(current, end, retry) : FENCED;
    }

    private static Verdict byState(TransactionMetadata current, EndTransaction end, boolean retry) {
        boolean sameEnd = current.state().isCommit() == end.commit();
        return switch (current.state()) {
            case ONGOING -> DECIDE;
            case PREPARE_COMMIT, PREPARE_ABORT -> sameEnd ? AWAIT : INVALID;
            case COMPLETE_COMMIT, COMPLETE_ABORT -> {
                if (retry || !end.bumpsEpoch()) {
                    yield sameEnd ? REPEAT : INVALID;
                }
                yield end.commit() ? INVALID : DECIDE;
            }
            case EMPTY -> end.bumpsEpoch() && !end.commit() ? DECIDE : INVALID;
            case DEAD -> INVALID;
        };
    }
}
