package io.aeon.coordinator.group;

import io.aeon.coordinator.group.GroupRecord.Generation;
import io.aeon.coordinator.group.GroupRecord.GroupMetadata;
import io.aeon.coordinator.group.GroupRecord.OffsetCommit;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The state of a group in the log. Only records change it, during replay or afterwards: durable ones by
 * {@link #replay}; those of a {@link Draft} by {@link #apply} before they are durable, and they are taken back if they
 * cannot be stored. Equal by content.
 */
final class StoredGroup {
    private final OffsetTable offsets;
    private final PendingOffsets pending;
    private final ConsumerGroupState consumer = new ConsumerGroupState();
    private @Nullable Generation generation;

    StoredGroup(TopicIds topics) {
        offsets = new OffsetTable(topics);
        pending = new PendingOffsets(topics);
    }

    /** @param producerId producer to whose transaction the record belongs, -1 if there is none */
    void replay(GroupRecord record, long producerId, long offset) {
        if (record instanceof OffsetCommit commit) {
            replay(commit, producerId, offset);
        } else {
            apply(record);
        }
    }

    /**
     * Applies a record about the members; returns the record that takes it back.
     *
     * @throws IllegalArgumentException the record is about an offset
     */
    GroupRecord apply(GroupRecord record) {
        if (record instanceof ConsumerGroupRecord change) {
            return consumer.apply(change);
        }
        if (record instanceof GroupMetadata change) {
            GroupMetadata old = new GroupMetadata(record.groupId(), generation);
            generation = change.value();
            return old;
        }
        throw new IllegalArgumentException("no record about members: " + record);
    }

    private void replay(OffsetCommit commit, long producerId, long offset) {
        if (producerId >= 0) {
            pending.add(producerId, commit, offset);
            return;
        }
        offsets.apply(commit, offset);
        if (commit.value() == null) {
            pending.remove(new TopicPartition(commit.topic(), commit.partition()));
        }
    }

    /** A producer's transaction has ended; returns its offset commits. */
    List<OffsetCommit> replayEnd(long producerId, boolean committed) {
        return pending.end(producerId, committed, offsets);
    }

    /** The latest generation, null if there was none or the group was deleted. */
    @Nullable
    Generation generation() {
        return generation;
    }

    /** The members of the group under the consumer protocol. */
    ConsumerGroupState consumer() {
        return consumer;
    }

    /** Estimated bytes of heap that the offsets take. */
    long heapBytes() {
        return offsets.heapBytes() + pending.heapBytes();
    }

    OffsetTable offsets() {
        return offsets;
    }

    PendingOffsets pending() {
        return pending;
    }

    /** Whether there are no committed offsets, and none in an open transaction. */
    boolean hasNoOffsets() {
        return offsets.isEmpty() && pending.isEmpty();
    }

    boolean isEmpty() {
        return generation == null && consumer.isVacant() && hasNoOffsets();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredGroup that
                && Objects.equals(generation, that.generation)
                && consumer.equals(that.consumer)
                && offsets.equals(that.offsets)
                && pending.equals(that.pending);
    }

    @Override
    public int hashCode() {
        return Objects.hash(generation, consumer, offsets, pending);
    }

    @Override
    public String toString() {
        return generation + ", " + consumer + ", offsets " + offsets + ", pending " + pending;
    }
}
