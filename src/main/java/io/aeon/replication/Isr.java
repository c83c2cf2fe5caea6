package io.aeon.replication;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The ISR of a partition in one leader epoch, as its leader knows it from the controller, and the change of it that the
 * leader has asked for; at most one is under way. Sets of brokers do not include the leader itself. Not thread-safe.
 */
public final class Isr {
    private final int leaderEpoch;
    private Set<Integer> others = Set.of();
    private @Nullable IsrChange proposed;
    private int partitionEpoch = -1;

    Isr(int leaderEpoch) {
        this.leaderEpoch = leaderEpoch;
    }

    /** The members for certain. */
    Set<Integer> others() {
        return others;
    }

    /** Whether the broker is in the ISR for certain. */
    public boolean has(int broker) {
        return others.contains(broker);
    }

    /** Whether the broker is in the ISR, or the controller may have added it. */
    boolean mayHave(Integer broker) {
        return others.contains(broker) || (proposed != null && proposed.others().containsKey(broker));
    }

    /** The change that was proposed and not settled. */
    public Optional<IsrChange> proposed() {
        return Optional.ofNullable(proposed);
    }

    /** The epoch of the partition after the last change that this leader knows. */
    public int partitionEpoch() {
        return partitionEpoch;
    }

    /** The controller has committed this ISR, in that epoch of the partition; a change that was proposed is settled. */
    void commit(int epoch, Set<Integer> members) {
        partitionEpoch = epoch;
        others = members;
        proposed = null;
    }

    /** @param members broker epochs of the wanted members by their ids */
    IsrChange propose(Map<Integer, Long> members) {
        IsrChange change = new IsrChange(leaderEpoch, partitionEpoch, Map.copyOf(members));
        proposed = change;
        return change;
    }

    /**
     * The controller has carried out a change. Ignored if newer metadata has settled the change before.
     *
     * @param epoch of the partition after the change
     * @param members after the change
     */
    public void accepted(IsrChange change, int epoch, Set<Integer> members) {
        if (change.equals(proposed) && epoch >= partitionEpoch) {
            commit(epoch, members);
        }
    }

    /**
     * The controller has refused a change, or the request for it has failed; see {@link AfterRefusal}.
     *
     * <p>If the change was sent several times, only the answer to the last copy counts, and the controller must get the
     * copies in their order: otherwise one of them could be carried out after the refusal.
     *
     * @return whether the same change has to be sent again
     */
    public boolean refused(IsrChange change, Errors error) {
        if (!change.equals(proposed)) {
            return false;
        }
        AfterRefusal next = AfterRefusal.of(error);
        if (next == AfterRefusal.GIVE_UP) {
            proposed = null;
        }
        return next == AfterRefusal.REPEAT;
    }
}
