package io.aeon.coordinator.group;

import io.aeon.coordinator.group.GroupRecord.OffsetCommit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Offsets that are committed in transactions whose end is not known: durable, but nobody may see them. */
final class PendingOffsets {
    private final TopicIds topics;
    private final Map<Long, Map<TopicPartition, Entry>> byProducer = new HashMap<>();

    private record Entry(OffsetCommit commit, long recordOffset) {}

    PendingOffsets(TopicIds topics) {
        this.topics = topics;
    }

    void add(long producerId, OffsetCommit commit, long recordOffset) {
        byProducer
                .computeIfAbsent(producerId, absent -> new HashMap<>())
                .put(new TopicPartition(commit.topic(), commit.partition()), new Entry(commit, recordOffset));
    }

    /** The producer's transaction has ended: what it committed, which goes into {@code table}, or nowhere. */
    List<OffsetCommit> end(long producerId, boolean committed, OffsetTable table) {
        Map<TopicPartition, Entry> ended = byProducer.remove(producerId);
        if (ended == null) {
            return List.of();
        }
        if (committed) {
            ended.values().forEach(entry -> table.apply(entry.commit(), entry.recordOffset()));
        }
        return ended.values().stream().map(Entry::commit).toList();
    }

    /** A record outside of any transaction says that nothing is committed there: that goes for what came before it too. */
    void remove(TopicPartition partition) {
        byProducer.values().removeIf(pending -> pending.remove(partition) != null && pending.isEmpty());
    }

    /** Whether the offset of a partition that is there now may change. */
    boolean contains(TopicPartition partition) {
        return byProducer.values().stream().anyMatch(pending -> {
            Entry entry = pending.get(partition);
            return entry != null && topics.isPresent(partition.topic(), topicId(entry));
        });
    }

    private static Uuid topicId(Entry entry) {
        CommittedOffset value = entry.commit().value();
        return value == null ? Uuid.ZERO_UUID : value.topicId();
    }

    /** As {@link OffsetTable#matching}. */
    Set<TopicPartition> matching(Function<String, Predicate<Uuid>> condition) {
        Set<TopicPartition> found = new HashSet<>();
        byProducer
                .values()
                .forEach(pending -> pending.forEach((partition, entry) -> {
                    if (condition.apply(partition.topic()).test(topicId(entry))) {
                        found.add(partition);
                    }
                }));
        return found;
    }

    Set<Long> producers() {
        return byProducer.keySet();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PendingOffsets that && byProducer.equals(that.byProducer);
    }

    @Override
    public int hashCode() {
        return byProducer.hashCode();
    }

    @Override
    public String toString() {
        return byProducer.toString();
    }

    boolean isEmpty() {
        return byProducer.isEmpty();
    }

    void clear() {
        byProducer.clear();
    }
}
