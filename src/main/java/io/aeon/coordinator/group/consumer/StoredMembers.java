package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.record.ConsumerGroupRecord;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.record.GroupRecord.Generation;
import io.aeon.coordinator.group.record.GroupRecord.GroupMetadata;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The members of a group in the log, under either group protocol. Only records change them: durable ones, and those of
 * a {@link Draft} before they are durable, which are taken back if they cannot be stored. Equal by content.
 */
public final class StoredMembers {
    private final ConsumerGroupState consumer = new ConsumerGroupState();
    private @Nullable Generation generation;

    /**
     * Applies a record; returns the record that takes it back.
     *
     * @throws IllegalArgumentException the record is about an offset
     */
    public GroupRecord apply(GroupRecord record) {
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

    /** The latest generation of the classic protocol, null if there was none or the group was deleted. */
    @Nullable
    public Generation generation() {
        return generation;
    }

    /** The members under the consumer protocol. */
    ConsumerGroupState consumer() {
        return consumer;
    }

    /** Whether the group exists as a group of the consumer protocol. */
    public boolean useConsumerProtocol() {
        return consumer.exists();
    }

    /** Whether no record about members is left, not even of a group that was deleted in part. */
    public boolean isEmpty() {
        return generation == null && consumer.isVacant();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredMembers that
                && Objects.equals(generation, that.generation)
                && consumer.equals(that.consumer);
    }

    @Override
    public int hashCode() {
        return Objects.hash(generation, consumer);
    }

    @Override
    public String toString() {
        return generation + ", " + consumer;
    }
}
