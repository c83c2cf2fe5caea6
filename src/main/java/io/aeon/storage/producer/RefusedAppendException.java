package io.aeon.storage.producer;

/** A batch or marker that its producer or coordinator must not append; nothing was changed. */
public final class RefusedAppendException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Which rule stands against it. */
    public enum Reason {
        /** Batches before it are missing, or it is too old to be told from a new one. */
        OUT_OF_ORDER_SEQUENCE,
        /** A newer epoch of the producer has been seen: it is a zombie's. */
        PRODUCER_EPOCH,
        /** A newer epoch of the transaction coordinator has been seen. */
        COORDINATOR_EPOCH,
        /** A batch outside of transactions while the producer has one open. */
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
