package io.aeon.replication;

import java.util.Map;

/**
 * A leader's request to the controller for another ISR (AlterPartition, KIP-497). The leader itself is a member of
 * every ISR that it asks for.
 *
 * @param partitionEpoch the change is refused if the partition has changed since this epoch
 * @param others broker epochs of the other members by their id; {@link #UNKNOWN_EPOCH} for one that has not fetched
 *     from this leader yet (KIP-903)
 */
public record IsrChange(int leaderEpoch, int partitionEpoch, Map<Integer, Long> others) {
    /** The controller does not compare this broker epoch. */
    public static final long UNKNOWN_EPOCH = -1;
}
