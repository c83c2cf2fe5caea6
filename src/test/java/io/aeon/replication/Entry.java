package io.aeon.replication;

/**
 * A record batch of the simulation. Replicas share the object, so that two logs agree where they have the same object.
 */
final class Entry {
    enum Kind {
        DATA,
        /** A transaction's marker in a partition. */
        COMMIT,
        ABORT,
        /** What the transaction log has of a transaction. */
        PREPARE_COMMIT,
        PREPARE_ABORT,
        COMPLETE
    }

    final Kind kind;
    final int producer;

    /** The producer's epoch; of a transactional producer it is the number of the transaction. */
    final int epoch;

    /** Counts the batches of an epoch in one partition. */
    final int sequence;

    Entry(Kind kind, int producer, int epoch, int sequence) {
        this.kind = kind;
        this.producer = producer;
        this.epoch = epoch;
        this.sequence = sequence;
    }

    @Override
    public String toString() {
        return (kind == Kind.DATA ? "" : kind + " ") + "p" + producer + "." + epoch + "#" + sequence;
    }
}
