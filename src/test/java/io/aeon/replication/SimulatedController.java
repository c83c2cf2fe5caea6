package io.aeon.replication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.Errors;

/**
 * What Kafka's controller does with brokers, leaders and ISRs, with eligible leader replicas (KIP-966) and without
 * unclean elections. Sets of brokers are bit masks. Every change makes a new image, which brokers apply later.
 */
final class SimulatedController {
    static final int NOBODY = -1;

    /** A partition in an image. */
    record Partition(int leader, int leaderEpoch, int partitionEpoch, int replicas, int isr, int eligible) {}

    /** The metadata at one version. */
    record Image(List<Partition> partitions, List<Long> brokerEpochs, int fenced) {
        boolean isFenced(int broker) {
            return (fenced & 1 << broker) != 0;
        }
    }

    /** The answer to an AlterPartition request. */
    record Altered(Errors error, int partitionEpoch, int isr) {}

    private final List<Image> images = new ArrayList<>();
    private final int minInSync;
    private final long[] brokerEpochs;
    private final Partition[] partitions;
    private final int[] lastLeaders;
    private final boolean electsLastLeaders;
    private int fenced;

    /** @param electsLastLeaders whether the last leader leads again when nobody is left who has all records */
    SimulatedController(int brokers, int[] replicas, int minInSync, boolean electsLastLeaders) {
        this.minInSync = minInSync;
        this.electsLastLeaders = electsLastLeaders;
        lastLeaders = new int[replicas.length];
        brokerEpochs = new long[brokers];
        partitions = new Partition[replicas.length];
        for (int i = 0; i < replicas.length; i++) {
            lastLeaders[i] = Integer.numberOfTrailingZeros(replicas[i]);
            partitions[i] = new Partition(lastLeaders[i], 1, 1, replicas[i], replicas[i], 0);
        }
        publish();
    }

    private void publish() {
        images.add(new Image(
                List.of(partitions), Arrays.stream(brokerEpochs).boxed().toList(), fenced));
    }

    int version() {
        return images.size() - 1;
    }

    Image image(int version) {
        return images.get(version);
    }

    Partition partition(int index) {
        return partitions[index];
    }

    boolean isFenced(int broker) {
        return (fenced & 1 << broker) != 0;
    }

    long brokerEpoch(int broker) {
        return brokerEpochs[broker];
    }

    /** @param clean whether the broker proves that it has everything that it had */
    void register(int broker, boolean clean) {
        fenced |= 1 << broker;
        brokerEpochs[broker] = images.size();
        removeFromIsr(broker, clean ? 0 : 1 << broker);
        publish();
    }

    void fence(int broker) {
        if (!isFenced(broker)) {
            fenced |= 1 << broker;
            removeFromIsr(broker, 0);
            publish();
        }
    }

    private void removeFromIsr(int broker, int unclean) {
        int bit = 1 << broker;
        for (int i = 0; i < partitions.length; i++) {
            Partition state = partitions[i];
            if (((state.isr() | (state.eligible() & unclean)) & bit) != 0 || state.leader() == broker) {
                change(i, state.isr() & ~bit, unclean, NOBODY);
            }
        }
    }

    void unfence(int broker) {
        if (isFenced(broker)) {
            fenced &= ~(1 << broker);
            for (int i = 0; i < partitions.length; i++) {
                if (partitions[i].leader() == NOBODY) {
                    change(i, partitions[i].isr(), 0, NOBODY);
                }
            }
            publish();
        }
    }

    /** Elects a leader from the ISR, who may be the present one. */
    void elect(int index, Random random) {
        int candidates = partitions[index].isr() & ~fenced;
        if (candidates != 0) {
            int pick = random.nextInt(Integer.bitCount(candidates));
            for (; pick > 0; pick--) {
                candidates &= candidates - 1;
            }
            change(index, partitions[index].isr(), 0, Integer.numberOfTrailingZeros(candidates));
            publish();
        }
    }

    Altered alter(int index, int from, long brokerEpoch, IsrChange change) {
        Partition state = partitions[index];
        Errors error = verdict(state, from, brokerEpoch, change);
        if (error != Errors.NONE) {
            return new Altered(error, 0, 0);
        }
        int isr = 1 << from;
        for (int other : change.others().keySet()) {
            isr |= 1 << other;
        }
        if (isr != state.isr()) {
            change(index, isr, 0, NOBODY);
            publish();
        }
        return new Altered(Errors.NONE, partitions[index].partitionEpoch(), isr);
    }

    private Errors verdict(Partition state, int from, long brokerEpoch, IsrChange change) {
        if (brokerEpoch != brokerEpochs[from]) {
            return Errors.STALE_BROKER_EPOCH;
        }
        if (change.leaderEpoch() != state.leaderEpoch()) {
            return change.leaderEpoch() < state.leaderEpoch() ? Errors.FENCED_LEADER_EPOCH : Errors.NOT_CONTROLLER;
        }
        if (state.leader() != from) {
            return Errors.INVALID_REQUEST;
        }
        if (change.partitionEpoch() != state.partitionEpoch()) {
            return change.partitionEpoch() < state.partitionEpoch()
                    ? Errors.INVALID_UPDATE_VERSION
                    : Errors.NOT_CONTROLLER;
        }
        boolean eligible = change.others().entrySet().stream()
                .allMatch(each -> !isFenced(each.getKey())
                        && (each.getValue() == IsrChange.UNKNOWN_EPOCH
                                || each.getValue() == brokerEpochs[each.getKey()]));
        return eligible ? Errors.NONE : Errors.INELIGIBLE_REPLICA;
    }

    /** @param wanted the leader to be, or {@link #NOBODY} to keep the present one if possible */
    private void change(int index, int targetIsr, int unclean, int wanted) {
        Partition state = partitions[index];
        int isr = targetIsr;
        boolean enough = Integer.bitCount(isr) >= Math.min(minInSync, Integer.bitCount(state.replicas()));
        int eligible = enough ? 0 : (state.eligible() | state.isr()) & ~isr & ~unclean;
        int candidates = (isr != 0 ? isr : eligible) & ~fenced;
        int leader = state.leader();
        if (wanted != NOBODY) {
            leader = wanted;
        } else if (leader == NOBODY || (candidates & 1 << leader) == 0) {
            leader = candidates == 0 ? NOBODY : Integer.numberOfTrailingZeros(candidates);
        }
        if (leader != NOBODY && (eligible & 1 << leader) != 0) {
            isr = 1 << leader;
            eligible &= ~isr;
        }
        if (electsLastLeaders && leader == NOBODY && (isr | eligible) == 0 && !isFenced(lastLeaders[index])) {
            leader = lastLeaders[index];
            isr = 1 << leader;
        }
        lastLeaders[index] = leader == NOBODY ? lastLeaders[index] : leader;
        boolean newTerm = wanted != NOBODY || leader != state.leader();
        partitions[index] = new Partition(
                leader,
                state.leaderEpoch() + (newTerm ? 1 : 0),
                state.partitionEpoch() + 1,
                state.replicas(),
                isr,
                eligible);
    }
}
