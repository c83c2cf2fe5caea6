package io.aeon.storage.producer;

/** A producer or coordinator must not append this batch or marker. Nothing was changed. */
public final class RefusedAppendException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** The violated rule. */
    public enum Reason {
        /** Earlier batches are missing, or the batch is too old to be recognized as a duplicate. */
        OUT_OF_ORDER_SEQUENCE,
        /** The producer has been seen with a newer epoch: this instance is fenced. */
        PRODUCER_EPOCH,
        /** The transaction coordinator has been seen with a newer epoch. */
        COORDINATOR_EPOCH,
        /** The producer has an open transaction, but the batch is not transactional. */
        OPEN_TRANSACTION
    }

    public RefusedAppendException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
