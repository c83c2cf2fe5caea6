package io.aeon.coordinator.group.record;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.apache.kafka.common.Uuid;

/**
 * Partitions, each with the member epoch at which it was assigned (KIP-1251). Immutable.
 *
 * @param topics the epochs by topic id and number of the partition; no inner map is empty
 */
public record AssignmentEpochs(Map<Uuid, Map<Integer, Integer>> topics) {
    public static final AssignmentEpochs NONE = new AssignmentEpochs(Map.of());

    /** Receives partitions one by one. */
    interface Visitor {
        void partition(Uuid topic, int partition, int epoch);
    }

    /** Collects partitions. */
    public static final class Builder {
        private final Map<Uuid, Map<Integer, Integer>> topics = new TreeMap<>();

        public Builder add(Uuid topic, int partition, int epoch) {
            topics.computeIfAbsent(topic, absent -> new TreeMap<>()).put(partition, epoch);
            return this;
        }

        public Builder addAll(AssignmentEpochs others) {
            others.forEach(this::add);
            return this;
        }

        public AssignmentEpochs build() {
            if (topics.isEmpty()) {
                return NONE;
            }
            topics.replaceAll((topic, partitions) -> Collections.unmodifiableMap(partitions));
            return new AssignmentEpochs(Collections.unmodifiableMap(topics));
        }
    }

    public static AssignmentEpochs of(PartitionsByTopic partitions, int epoch) {
        Builder builder = new Builder();
        partitions.topics().forEach((topic, numbers) -> numbers.forEach(number -> builder.add(topic, number, epoch)));
        return builder.build();
    }

    public boolean isEmpty() {
        return topics.isEmpty();
    }

    /** The number of partitions. */
    public int size() {
        return topics.values().stream().mapToInt(Map::size).sum();
    }

    void forEach(Visitor visitor) {
        topics.forEach((topic, partitions) ->
                partitions.forEach((partition, epoch) -> visitor.partition(topic, partition, epoch)));
    }

    public boolean contains(Uuid topic, int partition) {
        return topics.getOrDefault(topic, Map.of()).containsKey(partition);
    }

    /** The epoch at which the partition was assigned, empty if it is not in here. */
    public OptionalInt epoch(Uuid topic, int partition) {
        Integer epoch = topics.getOrDefault(topic, Map.of()).get(partition);
        return epoch == null ? OptionalInt.empty() : OptionalInt.of(epoch);
    }

    public boolean containsAll(PartitionsByTopic others) {
        return others.topics().entrySet().stream()
                .allMatch(topic -> topic.getValue().stream().allMatch(each -> contains(topic.getKey(), each)));
    }

    public boolean containsAny(PartitionsByTopic others) {
        return others.topics().entrySet().stream()
                .anyMatch(topic -> topic.getValue().stream().anyMatch(each -> contains(topic.getKey(), each)));
    }

    public AssignmentEpochs filter(BiPredicate<Uuid, Integer> condition) {
        Builder builder = new Builder();
        forEach((topic, partition, epoch) -> {
            if (condition.test(topic, partition)) {
                builder.add(topic, partition, epoch);
            }
        });
        return builder.build();
    }

    /** The same partitions, all assigned at {@code epoch}. */
    public AssignmentEpochs at(int epoch) {
        Builder builder = new Builder();
        forEach((topic, partition, old) -> builder.add(topic, partition, epoch));
        return builder.build();
    }

    public PartitionsByTopic partitions() {
        Map<Uuid, Iterable<Integer>> partitions = new TreeMap<>();
        topics.forEach((topic, epochs) -> partitions.put(topic, epochs.keySet()));
        return PartitionsByTopic.of(partitions);
    }
}
