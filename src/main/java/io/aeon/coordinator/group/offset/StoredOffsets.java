package io.aeon.coordinator.group.offset;

import io.aeon.coordinator.group.environment.TopicIds;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The committed offsets of a group in the log. Only durable records change them. Equal by content. */
public final class StoredOffsets {
    private final OffsetTable table;
    private final PendingOffsets pending;

    public StoredOffsets(TopicIds topics) {
        table = new OffsetTable(topics);
        pending = new PendingOffsets(topics);
    }

    /**
     * Applies a record.
     *
     * @param producerId producer to whose transaction the record belongs, -1 if there is none
     * @param offset offset of the record in the log
     */
    public void replay(OffsetCommit commit, long producerId, long offset) {
        if (producerId >= 0) {
            pending.add(producerId, commit, offset);
            return;
        }
        table.apply(commit, offset);
        if (commit.value() == null) {
            pending.remove(new TopicPartition(commit.topic(), commit.partition()));
        }
    }

    /** A producer's transaction has ended; returns its offset commits. */
    public List<OffsetCommit> replayEnd(long producerId, boolean committed) {
        return pending.end(producerId, committed, table);
    }

    /** The producers whose open transactions contain committed offsets. */
    public Set<Long> producers() {
        return pending.producers();
    }

    /** Whether there are no committed offsets, and none in an open transaction. */
    public boolean isEmpty() {
        return table.isEmpty() && pending.isEmpty();
    }

    /** Estimated bytes of heap. */
    public long heapBytes() {
        return table.heapBytes() + pending.heapBytes();
    }

    OffsetTable table() {
        return table;
    }

    PendingOffsets pending() {
        return pending;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredOffsets that && table.equals(that.table) && pending.equals(that.pending);
    }

    @Override
    public int hashCode() {
        return Objects.hash(table, pending);
    }

    @Override
    public String toString() {
        return table + ", pending " + pending;
    }
}
