package io.aeon.coordinator.transaction;

import io.aeon.coordinator.transaction.TransactionCommand.EndTransaction;
import org.apache.kafka.common.protocol.Errors;

/** The result of a request to end a transaction. */
enum Verdict {
    /** The request decides the transaction. */
    DECIDE,
    /**
     * The transaction is already decided, in the same way, or the request is for the one after it; the request must
     * wait for its markers.
     */
    AWAIT,
    /** The request repeats an earlier one whose answer was lost. */
    REPEAT,
    UNKNOWN_PRODUCER,
    FENCED,
    /** The transaction is in a state in which it cannot end in this way. */
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
     * A producer with one epoch per transaction is recognized by its epoch: the present epoch ends the next
     * transaction, the previous epoch repeats an earlier request. Any other producer is recognized only by the state.
     * The request shows which kind of producer sent it.
     */
    static Verdict on(TransactionMetadata current, EndTransaction end) {
        if (endsTheNext(current, end)) {
            return AWAIT;
        }
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

    /** The producer knows its next epoch as soon as a transaction is decided, before the markers are written. */
    private static boolean endsTheNext(TransactionMetadata current, EndTransaction end) {
        boolean rotates = current.nextProducerId() != TransactionMetadata.NO_ID;
        return end.bumpsEpoch()
                && current.state().isPrepared()
                && end.producerId() == (rotates ? current.nextProducerId() : current.producerId())
                && end.producerEpoch() == (rotates ? 0 : current.producerEpoch());
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
