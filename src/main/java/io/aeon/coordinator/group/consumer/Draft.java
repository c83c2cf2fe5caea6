package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.Request;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.AssignmentRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.MemberRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetRecord;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.record.MemberAssignment;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The changes that one step makes to a group of the consumer protocol. A record changes the state at once, so that what
 * follows in the same step sees it, and is taken back if it cannot be stored. The answers wait until all records of the
 * step are durable.
 */
final class Draft {
    /** The number of records at which a batch takes no further changes. */
    private static final int MOST_RECORDS = 200;

    /** The size in bytes at which a batch takes no further changes, far below the default of message.max.bytes. */
    private static final long MOST_BYTES = 256 << 10;

    /** More than a partition takes in a record, with its topic id. */
    private static final long PARTITION_BYTES = 32;

    /** More than a record takes without members and partitions. */
    private static final long RECORD_BYTES = 256;

    private final GroupStep step;
    private final String groupId;
    private final StoredMembers stored;
    private final TopicsImage image;
    private final ConsumerGroupSettings settings;
    private final List<GroupRecord> records = new ArrayList<>();
    private final List<GroupRecord> inverse = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private long bytes;

    /** What follows when the records are durable, or when they could not be stored. */
    private record Outcome(
            Consumer<GroupStep> durable, @Nullable Request<?> request) {}

    /** A number of changes. */
    record Mark(int records, int outcomes) {}

    Draft(GroupStep step, String groupId, StoredMembers stored, TopicsImage image, ConsumerGroupSettings settings) {
        this.step = step;
        this.groupId = groupId;
        this.stored = stored;
        this.image = image;
        this.settings = settings;
    }

    Now now() {
        return step.now();
    }

    String groupId() {
        return groupId;
    }

    ConsumerGroupState state() {
        return stored.consumer();
    }

    TopicsImage image() {
        return image;
    }

    ConsumerGroupSettings settings() {
        return settings;
    }

    void note(Level level, String line) {
        step.note(level, line);
    }

    void add(GroupRecord record) {
        records.add(record);
        bytes += sizeOf(record);
        inverse.add(stored.apply(record));
    }

    <T> void answer(Request<T> request, T value) {
        whenDurable(request, later -> later.reply(request.reply(), value));
    }

    /** Handles a request when all records are durable; otherwise it is refused. */
    void whenDurable(Request<?> request, Consumer<GroupStep> action) {
        outcomes.add(new Outcome(action, request));
    }

    void whenDurable(Consumer<GroupStep> action) {
        outcomes.add(new Outcome(action, null));
    }

    List<GroupRecord> records() {
        return records;
    }

    int size() {
        return records.size();
    }

    /** Whether the records make a batch that is large enough. */
    boolean isFull() {
        return records.size() >= MOST_RECORDS || bytes >= MOST_BYTES;
    }

    private static long sizeOf(GroupRecord record) {
        if (record instanceof MemberRecord member && member.value() != null) {
            return member.value().heapBytes();
        } else if (record instanceof TargetRecord target && target.value() != null) {
            return RECORD_BYTES + PARTITION_BYTES * target.value().size();
        } else if (record instanceof AssignmentRecord assignment && assignment.value() != null) {
            MemberAssignment owned = assignment.value();
            int partitions = owned.assigned().size() + owned.revoking().size();
            return RECORD_BYTES + PARTITION_BYTES * partitions;
        }
        return RECORD_BYTES;
    }

    /** The changes so far. */
    Mark mark() {
        return new Mark(records.size(), outcomes.size());
    }

    /** Takes back all changes after a mark. */
    void backTo(Mark mark) {
        undo(mark.records());
        outcomes.subList(mark.outcomes(), outcomes.size()).clear();
    }

    private void undo(int size) {
        while (records.size() > size) {
            bytes -= sizeOf(records.remove(records.size() - 1));
            stored.apply(inverse.remove(inverse.size() - 1));
        }
    }

    /** The members whose assignment or existence has changed, each with whether its assignment has. */
    Map<String, Boolean> changedMembers() {
        Map<String, Boolean> members = new TreeMap<>();
        for (GroupRecord record : records) {
            if (record instanceof AssignmentRecord change) {
                members.put(change.memberId(), true);
            } else if (record instanceof MemberRecord change) {
                members.putIfAbsent(change.memberId(), false);
            }
        }
        return members;
    }

    /** All records are durable, or there are none. */
    void complete(GroupStep later) {
        outcomes.forEach(outcome -> outcome.durable().accept(later));
    }

    /** The records could not be stored. */
    void fail(GroupStep later, Errors error) {
        undo(0);
        outcomes.forEach(outcome -> {
            if (outcome.request() != null) {
                later.refuse(outcome.request(), error);
            }
        });
    }
}
