package io.aeon.coordinator.group.offset;

import io.aeon.coordinator.TextHeap;
import io.aeon.coordinator.group.environment.TopicIds;
import io.aeon.coordinator.group.record.CommittedOffset;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The durable committed offsets of a group. */
final class OffsetTable {
    /** Heap for one offset without its metadata. */
    static final long ENTRY_BYTES = 192;
    /** Heap for a topic without the characters of its name. */
    private static final long TOPIC_BYTES = 160;

    private final TopicIds topics;
    private final Map<String, Map<Integer, Entry>> byTopic = new TreeMap<>();

    private long heapBytes;

    private record Entry(CommittedOffset value, long recordOffset) {}

    OffsetTable(TopicIds topics) {
        this.topics = topics;
    }

    boolean isEmpty() {
        return byTopic.isEmpty();
    }

    /** Estimated bytes of heap that the offsets take. */
    long heapBytes() {
        return heapBytes;
    }

    /** Whether the commit would take more heap than the present offset of its partition. */
    boolean grows(TopicPartition partition, String metadata) {
        CommittedOffset present = get(partition);
        return present == null || metadata.length() > present.metadata().length();
    }

    /** Applies the record at {@code recordOffset}; a record older than the known one changes nothing. */
    void apply(OffsetCommit commit, long recordOffset) {
        CommittedOffset value = commit.value();
        if (value != null) {
            byTopic.computeIfAbsent(commit.topic(), this::addedTopic)
                    .merge(commit.partition(), added(new Entry(value, recordOffset)), this::later);
            return;
        }
        byTopic.computeIfPresent(commit.topic(), (name, partitions) -> {
            Entry removed = partitions.remove(commit.partition());
            heapBytes -= removed == null ? 0 : bytes(removed);
            heapBytes -= partitions.isEmpty() ? bytes(name) : 0;
            return partitions.isEmpty() ? null : partitions;
        });
    }

    private Map<Integer, Entry> addedTopic(String topic) {
        heapBytes += bytes(topic);
        return new TreeMap<>();
    }

    private static long bytes(String topic) {
        return TOPIC_BYTES + TextHeap.of(topic);
    }

    private Entry added(Entry entry) {
        heapBytes += bytes(entry);
        return entry;
    }

    private static long bytes(Entry entry) {
        return heapBytes(entry.value());
    }

    /** Estimated bytes of heap that an offset takes. */
    static long heapBytes(CommittedOffset value) {
        return ENTRY_BYTES + TextHeap.of(value.metadata());
    }

    private Entry later(Entry left, Entry right) {
        boolean keepsLeft = left.recordOffset() > right.recordOffset();
        heapBytes -= bytes(keepsLeft ? right : left);
        return keepsLeft ? left : right;
    }

    /** A topic that was deleted and created again has a new id; offsets of the old topic are ignored. */
    @Nullable
    CommittedOffset fetch(TopicIdPartition partition) {
        CommittedOffset value = get(partition.topicPartition());
        boolean isPresent = value != null
                && topics.isPresent(partition.topic(), value.topicId())
                && topics.isPresent(partition.topic(), partition.topicId());
        return isPresent ? value : null;
    }

    /** All partitions with a committed offset, with topic id zero. */
    List<TopicIdPartition> partitions() {
        return matching(topics::present).stream()
                .map(partition -> new TopicIdPartition(Uuid.ZERO_UUID, partition))
                .toList();
    }

    boolean contains(TopicPartition partition) {
        return get(partition) != null;
    }

    private @Nullable CommittedOffset get(TopicPartition partition) {
        Map<Integer, Entry> partitions = byTopic.get(partition.topic());
        Entry entry = partitions == null ? null : partitions.get(partition.partition());
        return entry == null ? null : entry.value();
    }

    boolean contains(String topic) {
        return byTopic.containsKey(topic);
    }

    /**
     * The partitions with an offset whose topic id at the time of the commit meets a condition.
     *
     * @param condition the condition on the ids of a topic; called once per topic
     */
    List<TopicPartition> matching(Function<String, Predicate<Uuid>> condition) {
        List<TopicPartition> found = new ArrayList<>();
        byTopic.forEach((topic, partitions) -> {
            Predicate<Uuid> wanted = condition.apply(topic);
            partitions.forEach((partition, entry) -> {
                if (wanted.test(entry.value().topicId())) {
                    found.add(new TopicPartition(topic, partition));
                }
            });
        });
        return found;
    }

    List<TopicPartition> select(BiPredicate<String, CommittedOffset> condition) {
        List<TopicPartition> found = new ArrayList<>();
        byTopic.forEach((topic, partitions) -> partitions.forEach((partition, entry) -> {
            if (condition.test(topic, entry.value())) {
                found.add(new TopicPartition(topic, partition));
            }
        }));
        return found;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OffsetTable that && byTopic.equals(that.byTopic);
    }

    @Override
    public int hashCode() {
        return byTopic.hashCode();
    }

    @Override
    public String toString() {
        return byTopic.toString();
    }

    int size() {
        return byTopic.values().stream().mapToInt(Map::size).sum();
    }
}
