package io.aeon.coordinator.group;

import io.aeon.coordinator.AppendErrors;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Replayable;
import io.aeon.coordinator.StateMachine;
import io.aeon.coordinator.TextHeap;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.ConsumerHeartbeat;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupCommand.Abandoned;
import io.aeon.coordinator.group.command.GroupCommand.AppendFailed;
import io.aeon.coordinator.group.command.GroupCommand.Appended;
import io.aeon.coordinator.group.command.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.Delete;
import io.aeon.coordinator.group.command.GroupCommand.DeleteOffsets;
import io.aeon.coordinator.group.command.GroupCommand.Disconnected;
import io.aeon.coordinator.group.command.GroupCommand.ExpireOffsets;
import io.aeon.coordinator.group.command.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.command.GroupCommand.ForgetTopics;
import io.aeon.coordinator.group.command.GroupCommand.RegexesResolved;
import io.aeon.coordinator.group.command.GroupCommand.TransactionEnded;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.environment.TopicIds;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.coordinator.group.member.MemberDeadlines;
import io.aeon.coordinator.group.offset.Offsets;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.record.GroupRecord.GroupMetadata;
import io.aeon.coordinator.group.record.GroupRecord.OffsetCommit;
import io.aeon.coordinator.group.step.AppendsInFlight;
import io.aeon.coordinator.group.step.GroupEffects;
import io.aeon.coordinator.group.step.GroupStep;
import io.aeon.coordinator.group.step.RecordsToStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/** One group: its committed offsets, and its members under the group protocol that they use now. */
public final class Group implements StateMachine<GroupCommand, GroupEffects, GroupListing>, Replayable<GroupRecord> {
    /** A group with one member takes 2.9 KB (measured with many), of which the member has its own share. */
    private static final long HEAP_BYTES = 2048;

    private final String groupId;
    private final StoredGroup stored;
    private final GroupMembers members;
    private final Offsets offsets;
    private final GroupDeletion deletion;
    private final AppendsInFlight appends = new AppendsInFlight();

    /** What waits until the changes of the members that are on their way to the log are durable. */
    private final Deque<GroupCommand> waiting = new ArrayDeque<>();

    /**
     * A group that does not exist; it comes into existence by a replayed record or a first request.
     *
     * @param consumers the limits of this group as a consumer group
     * @param ids creates the unique part of new member ids
     * @param images the present topics; committed offsets of deleted topics are ignored
     */
    public Group(
            String groupId,
            GroupSettings settings,
            Supplier<ConsumerGroupSettings> consumers,
            Supplier<UUID> ids,
            Supplier<TopicsImage> images) {
        this.groupId = groupId;
        TopicIds topics = topic -> images.get().of(topic);
        stored = new StoredGroup(topics);
        members = new GroupMembers(groupId, stored, settings, consumers, ids, images);
        offsets = new Offsets(groupId, () -> members.now().offsetRules(), settings, topics, stored.offsets(), appends);
        deletion = new GroupDeletion(offsets, members::now, appends);
    }

    @Override
    public void replay(GroupRecord record, long producerId, long offset) {
        stored.replay(record, producerId, offset);
        if (!(record instanceof OffsetCommit)) {
            members.replayed();
        }
        members.bringToLife();
    }

    @Override
    public void replayEnd(long producerId, boolean committed) {
        stored.offsets().replayEnd(producerId, committed);
    }

    @Override
    public GroupEffects start(Now now) {
        GroupStep step = new GroupStep(now);
        offsets.forgetDeletedTopics(step);
        members.now().start(step);
        return effects(step);
    }

    @Override
    public GroupEffects step(GroupCommand command, Now now) {
        GroupStep step = new GroupStep(now);
        handle(step, command);
        return effects(step);
    }

    private void handle(GroupStep step, GroupCommand command) {
        if (command instanceof GroupCommand.Request<?> request) {
            serve(step, request);
        } else {
            happen(step, command);
        }
    }

    private void serve(GroupStep step, GroupCommand.Request<?> request) {
        if (request instanceof CommitOffsets commit) {
            offsets.commit(step, commit);
        } else if (request instanceof CommitInTransaction commit) {
            offsets.commit(step, commit);
        } else if (request instanceof FetchOffsets fetch) {
            offsets.fetch(step, fetch);
        } else if (request instanceof DeleteOffsets delete) {
            offsets.delete(step, delete);
        } else {
            serveMember(step, request);
        }
    }

    private void serveMember(GroupStep step, GroupCommand.Request<?> request) {
        if (mustWait(request)) {
            if (!members.answersAtOnce(step, request)) {
                waiting.add(request);
            }
        } else if (request instanceof Delete delete) {
            deletion.delete(step, delete);
        } else {
            members.serve(step, request);
        }
    }

    /**
     * Changes of the members that are on their way to the log must be durable before the next change of a consumer
     * group, and before a change of the protocol.
     */
    private boolean mustWait(GroupCommand command) {
        return appends.changeMembers()
                && (appends.areApplied()
                        || members.useConsumerProtocol()
                        || (command instanceof ConsumerHeartbeat beat && beat.joins()));
    }

    private void happen(GroupStep step, GroupCommand command) {
        if (command instanceof Appended appended) {
            settle(step, appended.id(), Errors.NONE, appended.baseOffset());
        } else if (command instanceof AppendFailed failed) {
            settle(step, failed.id(), AppendErrors.forClient(failed.error()), -1);
        } else if (command instanceof ExpireOffsets) {
            deletion.expire(step);
        } else if (command instanceof TransactionEnded end) {
            offsets.forgetLate(step, stored.offsets().replayEnd(end.producerId(), end.committed()));
        } else if (command instanceof ForgetTopics forget) {
            offsets.forgetTopics(step, forget.names());
        } else if (command instanceof Disconnected disconnected) {
            members.disconnected(step, disconnected);
        } else if (mustWait(command)) {
            waiting.add(command);
        } else if (command instanceof Abandoned abandoned) {
            members.abandoned(step, abandoned);
        } else if (command instanceof RegexesResolved result) {
            members.resolved(step, result);
        } else {
            throw new IllegalArgumentException("unexpected command for a group: " + command);
        }
    }

    private GroupEffects effects(GroupStep step) {
        members.flush(step);
        List<RecordsToStore> records = appends.begin(step.appends());
        return new GroupEffects(records, step.searches(), step.replies(), step.notes());
    }

    private void settle(GroupStep step, long id, Errors error, long baseOffset) {
        GroupStep.Planned planned = appends.end(id);
        if (planned == null) {
            return;
        }
        if (error == Errors.NONE && !planned.applied()) {
            apply(step, planned, baseOffset);
        }
        planned.settlement().settle(step, error, baseOffset);
        if (!appends.changeMembers()) {
            members.settled();
        }
        serveWaiting(step);
    }

    private void apply(GroupStep step, GroupStep.Planned planned, long baseOffset) {
        long offset = baseOffset;
        TransactionalWriter writer = planned.writer();
        for (GroupRecord record : planned.records()) {
            stored.replay(record, writer == null ? -1 : writer.producerId(), offset++);
        }
        members.bringToLife();
        if (stored.isEmpty() && planned.records().contains(new GroupMetadata(groupId, null))) {
            members.endIfNobodyCame();
        }
        offsets.forgetLate(step, planned.records());
    }

    /** The changes of several waiting requests make one batch, up to a size. */
    private void serveWaiting(GroupStep step) {
        waiting.removeIf(command -> command instanceof GroupCommand.Request<?> request && request.isAnswered());
        while (!waiting.isEmpty() && !mustWait(waiting.peek()) && members.mayChange(step, waiting.peek())) {
            handle(step, waiting.remove());
        }
    }

    @Override
    public GroupEffects tick(Now now) {
        GroupStep step = new GroupStep(now);
        if (!appends.areApplied()) {
            members.now().tick(step);
        }
        return effects(step);
    }

    @Override
    public boolean concerns(GroupCommand command, Now now) {
        if (command instanceof ForgetTopics forget) {
            return !offsets.ofTopics(forget.names()).isEmpty();
        }
        return command instanceof ExpireOffsets && deletion.isDue(now);
    }

    @Override
    public boolean onlyReads(GroupCommand request) {
        return request instanceof FetchOffsets;
    }

    @Override
    public Optional<Long> nextDeadline() {
        long next = appends.areApplied() ? MemberDeadlines.NONE : members.now().nextDeadline();
        return next == MemberDeadlines.NONE ? Optional.empty() : Optional.of(next);
    }

    @Override
    public boolean hasWork() {
        return !isIdle() || offsets.hasDeletedTopics();
    }

    /**
     * No member is in the group, no id is pending, no append is in flight, and no open transaction contains offsets:
     * its end would be lost if it came to the group's actor just when that stops.
     */
    @Override
    public boolean isIdle() {
        return members.now().isIdle() && appends.isEmpty() && pendingProducers().isEmpty();
    }

    @Override
    public boolean isVacant() {
        return isIdle() && stored.isEmpty() && !members.areRebalancing();
    }

    /** The producers whose open transactions contain committed offsets of this group. */
    public Set<Long> pendingProducers() {
        return stored.offsets().producers();
    }

    @Override
    public String id() {
        return groupId;
    }

    @Override
    public long heapBytes() {
        return HEAP_BYTES
                + TextHeap.of(groupId)
                + members.now().heapBytes()
                + stored.offsets().heapBytes();
    }

    @Override
    public Optional<GroupListing> listing() {
        return members.now().listing();
    }

    StoredGroup stored() {
        return stored;
    }
}
