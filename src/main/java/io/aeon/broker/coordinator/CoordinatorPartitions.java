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

/** The partitions of a coordinator topic that this broker leads, according to the metadata. Not thread-safe. */
final class CoordinatorPartitions<C, E extends Effects, L> {
    private final int nodeId;
    private final BiFunction<Topic, Partition, CoordinatorPartition<C, E, L>> maker;
    private final Map<Integer, CoordinatorPartition<C, E, L>> byIndex = new HashMap<>();
    private int count;

    /** @param maker creates a partition that this broker starts to lead */
    CoordinatorPartitions(int nodeId, BiFunction<Topic, Partition, CoordinatorPartition<C, E, L>> maker) {
        this.nodeId = nodeId;
        this.maker = maker;
    }

    /**
     * Applies the latest metadata.
     *
     * @param topic null if it does not exist
     * @param lost receives each partition that this broker no longer leads, or has not led without interruption; it is
     *     removed
     * @param taken receives each partition that this broker starts to lead
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

    /** The number of partitions of the topic; 0 if it does not exist. */
    int count() {
        return count;
    }

    /** The partition with this index; empty if this broker does not lead it. */
    Optional<CoordinatorPartition<C, E, L>> at(int index) {
        return Optional.ofNullable(byIndex.get(index));
    }

    /** A view of the partitions that this broker leads. */
    Collection<CoordinatorPartition<C, E, L>> all() {
        return byIndex.values();
    }

    /** Whether no partition is being loaded. */
    boolean settled() {
        return byIndex.values().stream().noneMatch(CoordinatorPartition::isLoading);
    }

    /** Whether this instance is the current one of its index. */
    boolean contains(CoordinatorPartition<C, E, L> partition) {
        return byIndex.get(partition.index()) == partition;
    }

    /** Fails all waiting requests and removes all partitions. */
    void resign() {
        new ArrayList<>(byIndex.values()).forEach(CoordinatorPartition::resign);
        byIndex.clear();
        count = 0;
    }
}
