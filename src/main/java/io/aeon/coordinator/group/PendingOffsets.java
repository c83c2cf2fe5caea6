package io.aeon.coordinator.group;

import io.aeon.coordinator.group.GroupRecord.OffsetCommit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** Offsets that are committed in transactions whose end is not known: durable, but nobody may see them. */
final class PendingOffsets {
    private final Map<Long, Map<TopicPartition, Entry>> byProducer = new HashMap<>();

    private record Entry(OffsetCommit commit, long recordOffset) {}

    void add(long producerId, OffsetCommit commit, long recordOffset) {
        byProducer
                .computeIfAbsent(producerId, absent -> new HashMap<>())
                .put(new TopicPartition(commit.topic(), commit.partition()), new Entry(commit, recordOffset));
    }

    /** The producer's transaction has ended: what it committed goes into {@code table}, or nowhere. */
    void end(long producerId, boolean committed, OffsetTable table) {
        Map<TopicPartition, Entry> ended = byProducer.remove(producerId);
        if (ended != null && committed) {
            ended.values().forEach(entry -> table.apply(entry.commit(), entry.recordOffset()));
        }
    }

    boolean contains(TopicPartition partition) {
        return byProducer.values().stream().anyMatch(pending -> pending.containsKey(partition));
    }

    Set<TopicPartition> partitions() {
        Set<TopicPartition> all = new HashSet<>();
        byProducer.values().forEach(pending -> all.addAll(pending.keySet()));
        return all;
    }

    Set<Long> producers() {
        return byProducer.keySet();
    }

    boolean isEmpty() {
        return byProducer.isEmpty();
    }

    void clear() {
        byProducer.clear();
    }
}
