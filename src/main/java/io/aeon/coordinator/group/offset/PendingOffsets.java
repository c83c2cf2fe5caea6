package io.aeon.coordinator.group.offset;

import io.aeon.coordinator.TextHeap;
import io.aeon.coordinator.group.environment.TopicIds;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
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

/** Offsets that are committed in open transactions: they are durable, but not visible yet. */
final class PendingOffsets {
    private final TopicIds topics;
    private final Map<Long, Map<TopicPartition, Entry>> byProducer = new HashMap<>();
    private long heapBytes;

    private record Entry(OffsetCommit commit, long recordOffset) {
        long heapBytes() {
            CommittedOffset value = commit.value();
            return TextHeap.of(commit.topic())
                    + (value == null ? OffsetTable.ENTRY_BYTES : OffsetTable.heapBytes(value));
        }
    }

    PendingOffsets(TopicIds topics) {
        this.topics = topics;
    }

    void add(long producerId, OffsetCommit commit, long recordOffset) {
        Entry entry = new Entry(commit, recordOffset);
        Entry former = byProducer
                .computeIfAbsent(producerId, absent -> new HashMap<>())
                .put(new TopicPartition(commit.topic(), commit.partition()), entry);
        heapBytes += entry.heapBytes();
        removed(former);
    }

    private boolean removed(@Nullable Entry entry) {
        heapBytes -= entry == null ? 0 : entry.heapBytes();
        return entry != null;
    }

    /**
     * The producer's transaction has ended; returns its commits, and applies them to {@code table} if it was committed.
     */
    List<OffsetCommit> end(long producerId, boolean committed, OffsetTable table) {
        Map<TopicPartition, Entry> ended = byProducer.remove(producerId);
        if (ended == null) {
            return List.of();
        }
        ended.values().forEach(this::removed);
        if (committed) {
            ended.values().forEach(entry -> table.apply(entry.commit(), entry.recordOffset()));
        }
        return ended.values().stream().map(Entry::commit).toList();
    }

    /** A tombstone outside of transactions also removes earlier pending offsets of the partition. */
    void remove(TopicPartition partition) {
        byProducer.values().removeIf(pending -> removed(pending.remove(partition)) && pending.isEmpty());
    }

    /** Whether an open transaction may change the offset of this partition of an existing topic. */
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

    /** As {@link OffsetTable#heapBytes}. */
    long heapBytes() {
        return heapBytes;
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
        heapBytes = 0;
    }
}
