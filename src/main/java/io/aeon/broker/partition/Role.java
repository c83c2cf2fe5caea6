package io.aeon.broker.partition;

import io.aeon.replication.Resends;
import java.util.Set;

/** The role of this broker for a partition of which it has a replica. */
public sealed interface Role {
    /** The leader epoch of the partition's current leader, which clients have to know. */
    int leaderEpoch();

    /**
     * Tells who leads.
     *
     * @param latestEpoch the latest leader epoch in the log; -1 for none
     */
    void tell(Resends resends, int latestEpoch);

    /**
     * The broker leads the partition and accepts writes.
     *
     * @param partitionEpoch rises with every change of the partition in the metadata
     * @param others ids of the other brokers that have a replica
     * @param othersInSync ids of those among them that are in the ISR
     * @param othersEligible ids of those outside the ISR that have all committed records too (KIP-966)
     * @param minInSync number of in-sync replicas, including this one, below which the high watermark does not advance
     */
    record Lead(
            int leaderEpoch,
            int partitionEpoch,
            Set<Integer> others,
            Set<Integer> othersInSync,
            Set<Integer> othersEligible,
            int minInSync)
            implements Role {
        /** The role of the leader of a partition without other replicas. */
        public static Lead alone(int leaderEpoch) {
            return new Lead(leaderEpoch, 0, Set.of(), Set.of(), Set.of(), 1);
        }

        /** Another broker may have led the partition before, unless the log has records of this leader epoch. */
        @Override
        public void tell(Resends resends, int latestEpoch) {
            resends.lead(leaderEpoch > 0 && leaderEpoch > latestEpoch && !others.isEmpty());
        }
    }

    /**
     * The broker copies the records of the leader.
     *
     * @param leader broker id of the leader; -1 while none is elected
     */
    record Follow(int leader, int leaderEpoch) implements Role {
        @Override
        public void tell(Resends resends, int latestEpoch) {
            resends.follow();
        }

        /** Whether a leader is elected. */
        public boolean hasLeader() {
            return leader >= 0;
        }
    }
}
