package io.aeon.broker.partition;

import java.util.Set;

/** What this broker does for a partition that it has a replica of. */
public sealed interface Role {
    /** The epoch of the partition's present leader; consumers have to know this one. */
    int leaderEpoch();

    /**
     * To take writes, in this epoch.
     *
     * @param others the other brokers that have a replica
     * @param othersInSync those of them that are in the ISR
     * @param minInSync replicas, this one counted, below which the high watermark stands still
     */
    record Lead(int leaderEpoch, Set<Integer> others, Set<Integer> othersInSync, int minInSync) implements Role {
        /** There is no other replica. */
        public static Lead alone(int leaderEpoch) {
            return new Lead(leaderEpoch, Set.of(), Set.of(), 1);
        }
    }

    /**
     * To copy what the leader has.
     *
     * @param leader broker id, -1 while none is elected
     */
    record Follow(int leader, int leaderEpoch) implements Role {}
}
