package io.aeon.coordinator;

/**
 * Whose transaction records belong to.
 *
 * @param admission how their partition comes into the transaction
 */
public record TransactionalWriter(String transactionalId, long producerId, short producerEpoch, Admission admission) {
    /** How a partition comes into a transaction, by what the client understands. */
    public enum Admission {
        /** The first record adds it. */
        ADDED,
        /** The client has added it before; if not, it is told TRANSACTION_ABORTABLE. */
        VERIFIED,
        /** As before, told INVALID_TXN_STATE. */
        VERIFIED_LONG_AGO
    }
}
