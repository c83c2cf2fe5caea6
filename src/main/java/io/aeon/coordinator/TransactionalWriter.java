package io.aeon.coordinator;

/**
 * The producer to whose transaction records belong.
 *
 * @param admission how the records' partition is added to the transaction
 */
public record TransactionalWriter(String transactionalId, long producerId, short producerEpoch, Admission admission) {
    /** How a partition is added to a transaction; it depends on the version of the client's request. */
    public enum Admission {
        /** The first record adds the partition. */
        ADDED,
        /** The client must have added the partition; otherwise it gets TRANSACTION_ABORTABLE. */
        VERIFIED,
        /** The client must have added the partition; otherwise it gets INVALID_TXN_STATE. */
        VERIFIED_LONG_AGO
    }
}
