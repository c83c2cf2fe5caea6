package io.aeon.coordinator.group.record;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;

/**
 * Partitions of topics. Immutable.
 *
 * @param topics the numbers of the partitions by topic id; no set is empty
 */
public record PartitionsByTopic(Map<Uuid, Set<Integer>> topics) {
    /** Kafka's assignors accept only the unmodifiable and empty maps of {@link Collections}. */
    public static final PartitionsByTopic NONE = new PartitionsByTopic(Collections.emptyMap());

    /** Copies the partitions; topics without partitions are left out. */
    public static PartitionsByTopic of(Map<Uuid, ? extends Iterable<Integer>> topics) {
        Map<Uuid, Set<Integer>> copy = new TreeMap<>();
        topics.forEach((topic, partitions) -> {
            Set<Integer> sorted = new TreeSet<>();
            partitions.forEach(sorted::add);
            if (!sorted.isEmpty()) {
                copy.put(topic, Collections.unmodifiableSet(sorted));
            }
        });
        return copy.isEmpty() ? NONE : new PartitionsByTopic(Collections.unmodifiableMap(copy));
    }

    public boolean isEmpty() {
        return topics.isEmpty();
    }

    /** The number of partitions. */
    public int size() {
        return topics.values().stream().mapToInt(Set::size).sum();
    }

    public boolean contains(Uuid topic, int partition) {
        return topics.getOrDefault(topic, Set.of()).contains(partition);
    }
}
