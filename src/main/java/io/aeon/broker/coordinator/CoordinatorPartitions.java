package io.aeon.broker.coordinator;

import io.aeon.coordinator.Effects;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The partitions of a coordinator topic that this broker leads, as the metadata have it. Not thread-safe. */
final class CoordinatorPartitions<C, E extends Effects, L> {
    private final int nodeId;
    private final BiFunction<Topic, Partition, CoordinatorPartition<C, E, L>> maker;
    private final Map<Integer, CoordinatorPartition<C, E, L>> byIndex = new HashMap<>();
    private int count;

    /** @param maker makes one that this broker begins to lead */
    CoordinatorPartitions(int nodeId, BiFunction<Topic, Partition, CoordinatorPartition<C, E, L>> maker) {
        this.nodeId = nodeId;
        this.maker = maker;
    }

    /**
     * Takes in the latest metadata.
     *
     * @param topic null if there is none
     * @param lost told each partition that this broker does not lead any more, or not without a break; it is forgotten
     * @param taken told each one that it begins to lead
     */
    void follow(
            @Nullable Topic topic,
            Consumer<CoordinatorPartition<C, E, L>> lost,
            Consumer<CoordinatorPartition<C, E, L>> taken) {
        List<Partition> latest = topic == null ? List.of() : topic.partitions();
        count = latest.size();
        for (CoordinatorPartition<C, E, L> known : List.copyOf(byIndex.values())) {
            boolean continues = topic != null
                    && topic.has(known.index())
                    && known.continues(topic.id(), latest.get(known.index()), nodeId);
            if (!continues) {
                byIndex.remove(known.index());
                lost.accept(known);
            }
        }
        for (Partition partition : latest) {
            if (topic != null && partition.isLedBy(nodeId) && !byIndex.containsKey(partition.index())) {
                CoordinatorPartition<C, E, L> begun = maker.apply(topic, partition);
                byIndex.put(partition.index(), begun);
                taken.accept(begun);
            }
        }
    }

    /** How many the topic has, 0 without it. */
    int count() {
        return count;
    }

    /** Empty if another broker leads it or there is none. */
    Optional<CoordinatorPartition<C, E, L>> at(int index) {
        return Optional.ofNullable(byIndex.get(index));
    }

    /** Those in use, a view. */
    Collection<CoordinatorPartition<C, E, L>> all() {
        return byIndex.values();
    }

    /** Whether nothing more will be known for now. */
    boolean settled() {
        return byIndex.values().stream().noneMatch(CoordinatorPartition::isLoading);
    }

    /** Whether this very partition is still in use. */
    boolean contains(CoordinatorPartition<C, E, L> partition) {
        return byIndex.get(partition.index()) == partition;
    }

    /** Forgets everything, having refused all that waits. */
    void resign() {
        new ArrayList<>(byIndex.values()).forEach(CoordinatorPartition::resign);
        byIndex.clear();
        count = 0;
    }
}
