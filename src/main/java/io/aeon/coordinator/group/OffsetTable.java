package io.aeon.coordinator.group;

import io.aeon.coordinator.group.GroupRecord.OffsetCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The offsets a group has committed, as far as they are durable. */
final class OffsetTable {
    private final Map<String, Map<Integer, Entry>> byTopic = new TreeMap<>();

    private record Entry(CommittedOffset value, long recordOffset) {}

    boolean isEmpty() {
        return byTopic.isEmpty();
    }

    /** Takes in what a record at {@code recordOffset} says; an older record changes nothing. */
    void apply(OffsetCommit commit, long recordOffset) {
        CommittedOffset value = commit.value();
        if (value != null) {
            byTopic.computeIfAbsent(commit.topic(), name -> new TreeMap<>())
                    .merge(commit.partition(), new Entry(value, recordOffset), OffsetTable::later);
            return;
        }
        byTopic.computeIfPresent(commit.topic(), (name, partitions) -> {
            partitions.remove(commit.partition());
            return partitions.isEmpty() ? null : partitions;
        });
    }

    private static Entry later(Entry left, Entry right) {
        return left.recordOffset() > right.recordOffset() ? left : right;
    }

    /** A topic that was deleted and made again has another id: what was committed for the old one does not count. */
    @Nullable
    CommittedOffset fetch(TopicIdPartition partition) {
        CommittedOffset value = get(partition.topicPartition());
        boolean fits = value != null && (isUnknown(partition.topicId()) || fits(value, partition.topicId()));
        return fits ? value : null;
    }

    /** All that something is committed for, with zero topic ids. */
    List<TopicIdPartition> partitions() {
        List<TopicIdPartition> all = new ArrayList<>();
        byTopic.forEach((topic, partitions) -> partitions.forEach((partition, entry) ->
                all.add(new TopicIdPartition(Uuid.ZERO_UUID, new TopicPartition(topic, partition)))));
        return all;
    }

    private static boolean isUnknown(Uuid topicId) {
        return topicId.equals(Uuid.ZERO_UUID);
    }

    private static boolean fits(CommittedOffset value, Uuid topicId) {
        return isUnknown(value.topicId()) || value.topicId().equals(topicId);
    }

    boolean contains(TopicPartition partition) {
        return get(partition) != null;
    }

    private @Nullable CommittedOffset get(TopicPartition partition) {
        Map<Integer, Entry> partitions = byTopic.get(partition.topic());
        Entry entry = partitions == null ? null : partitions.get(partition.partition());
        return entry == null ? null : entry.value();
    }

    /** Whether an offset of one of these topics, by id, is here. */
    boolean refersTo(Map<Uuid, String> topics) {
        return topics.entrySet().stream()
                .anyMatch(topic -> byTopic.getOrDefault(topic.getValue(), Map.of()).values().stream()
                        .anyMatch(entry -> fits(entry.value(), topic.getKey())));
    }

    /** Whose offsets belong to one of these topics, by id; older records name a topic without its id. */
    List<TopicPartition> ofTopics(Map<Uuid, String> topics) {
        List<TopicPartition> found = new ArrayList<>();
        topics.forEach((id, name) -> byTopic.getOrDefault(name, Map.of()).forEach((partition, entry) -> {
            if (fits(entry.value(), id)) {
                found.add(new TopicPartition(name, partition));
            }
        }));
        return found;
    }

    List<TopicPartition> matching(BiPredicate<String, CommittedOffset> condition) {
        List<TopicPartition> found = new ArrayList<>();
        byTopic.forEach((topic, partitions) -> partitions.forEach((partition, entry) -> {
            if (condition.test(topic, entry.value())) {
                found.add(new TopicPartition(topic, partition));
            }
        }));
        return found;
    }

    int size() {
        return byTopic.values().stream().mapToInt(Map::size).sum();
    }
}
