package io.aeon.coordinator.transaction;

import org.apache.kafka.common.errors.CorruptRecordException;

/** The state of a transactional id, with the numbers that Kafka stores and the names that its tools print. */
public enum TransactionState {
    /** A producer has started, but no transaction. */
    EMPTY(0, "Empty"),
    /** A transaction is open and has partitions. */
    ONGOING(1, "Ongoing"),
    /** The transaction is decided as committed. Its markers are not all written. */
    PREPARE_COMMIT(2, "PrepareCommit"),
    /** The transaction is decided as aborted. Its markers are not all written. */
    PREPARE_ABORT(3, "PrepareAbort"),
    /** The transaction is committed; every partition has its marker. */
    COMPLETE_COMMIT(4, "CompleteCommit"),
    /** The transaction is aborted; every partition has its marker. */
    COMPLETE_ABORT(5, "CompleteAbort"),
    /** The transactional id does not exist. This state is never stored. */
    DEAD(6, "Dead");

    private final byte id;
    private final String text;

    TransactionState(int id, String text) {
        this.id = (byte) id;
        this.text = text;
    }

    byte id() {
        return id;
    }

    /** @throws CorruptRecordException no state has this number */
    static TransactionState of(byte id) {
        for (TransactionState state : values()) {
            if (state.id == id) {
                return state;
            }
        }
        throw new CorruptRecordException("unknown transaction state " + id);
    }

    /** Whether the transaction is decided, and not all markers are written. */
    public boolean isPrepared() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }

    public boolean isCommit() {
        return this == PREPARE_COMMIT || this == COMPLETE_COMMIT;
    }

    @Override
    public String toString() {
        return text;
    }
}
