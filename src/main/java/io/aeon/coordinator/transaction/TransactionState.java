package io.aeon.coordinator.transaction;

import org.apache.kafka.common.errors.CorruptRecordException;

/** Where a transactional id stands, under the numbers that Kafka stores and the names that its tools print. */
public enum TransactionState {
    /** A producer has begun, no transaction yet. */
    EMPTY(0, "Empty"),
    /** Partitions are in a transaction that is open. */
    ONGOING(1, "Ongoing"),
    /** Decided: committed. Its markers are on their way. */
    PREPARE_COMMIT(2, "PrepareCommit"),
    /** Decided: aborted. Its markers are on their way. */
    PREPARE_ABORT(3, "PrepareAbort"),
    /** Every partition has its marker. */
    COMPLETE_COMMIT(4, "CompleteCommit"),
    /** Every partition has its marker. */
    COMPLETE_ABORT(5, "CompleteAbort"),
    /** There is no such transactional id. Never stored. */
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
        throw new CorruptRecordException("there is no transaction state " + id);
    }

    /** Decided, and not every partition knows it. */
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
