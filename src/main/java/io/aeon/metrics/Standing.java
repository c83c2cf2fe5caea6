package io.aeon.metrics;

import io.aeon.metadata.ClusterImage.Partition;

/**
 * Where the metadata have the replicas of a partition of which this broker has one.
 *
 * @param leader id of the broker that leads it, -1 if none does
 * @param isLedHere whether this broker leads it
 * @param minInSync in-sync replicas that a record with acks=all needs, at most the number of replicas
 */
record Standing(Partition state, int leader, boolean isLedHere, int minInSync) {
    static Standing of(Partition state, int self, int minInSync) {
        boolean isLedHere = state.isLedBy(self);
        return new Standing(state, isLedHere ? self : state.leader(), isLedHere, minInSync);
    }

    /** Whether this broker leads the partition, and a replica is not in sync. */
    boolean isUnderReplicated() {
        return isLedHere && inSync() < state.replicas().size();
    }

    boolean isUnderMinInSync() {
        return isLedHere && inSync() < minInSync;
    }

    boolean isAtMinInSync() {
        return isLedHere && inSync() == minInSync;
    }

    int inSync() {
        return state.isr().size();
    }

    /** 0 if another broker leads the partition. */
    int inSyncIfLed() {
        return isLedHere ? inSync() : 0;
    }

    /** 0 if another broker leads the partition. */
    int replicasIfLed() {
        return isLedHere ? state.replicas().size() : 0;
    }

    boolean isLedByPreferred() {
        return !state.replicas().isEmpty() && state.replicas().get(0) == leader;
    }
}
