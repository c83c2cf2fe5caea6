package io.aeon.coordinator.group;

import io.aeon.coordinator.AppendErrors;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.group.GroupCommand.AppendFailed;
import io.aeon.coordinator.group.GroupCommand.Appended;
import io.aeon.coordinator.group.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.GroupCommand.Delete;
import io.aeon.coordinator.group.GroupCommand.DeleteOffsets;
import io.aeon.coordinator.group.GroupCommand.Describe;
import io.aeon.coordinator.group.GroupCommand.DescribeResult;
import io.aeon.coordinator.group.GroupCommand.ExpireOffsets;
import io.aeon.coordinator.group.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.GroupCommand.ForgetTopics;
import io.aeon.coordinator.group.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.GroupCommand.Join;
import io.aeon.coordinator.group.GroupCommand.Leave;
import io.aeon.coordinator.group.GroupCommand.Sync;
import io.aeon.coordinator.group.GroupCommand.TransactionEnded;
import io.aeon.coordinator.group.GroupRecord.Generation;
import io.aeon.coordinator.group.GroupRecord.GroupMetadata;
import io.aeon.coordinator.group.MemberDeadlines.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * A group of the classic protocol. The waiting requests and the session deadlines are only in memory; all other state
 * is in {@link StoredGroup}.
 */
public final class ClassicGroup implements Group {
    private final StoredGroup stored;
    private final CurrentGeneration group;
    private final MemberDeadlines deadlines = new MemberDeadlines();
    private final Rebalance rebalance;
    private final Joins joins;
    private final Syncs syncs;
    private final Departures departures;
    private final Offsets offsets;
    private final Map<Long, GroupStep.Planned> inFlight = new HashMap<>();
    private final int maxSize;
    private long lastAppend;

    /**
     * A group that does not exist; it comes into existence by a replayed record or a first request.
     *
     * @param ids creates the unique part of new member ids
     * @param topics the present topics; committed offsets of deleted topics are ignored
     */
    public ClassicGroup(String groupId, GroupSettings settings, Supplier<UUID> ids, TopicIds topics) {
        stored = new StoredGroup(topics);
        group = new CurrentGeneration(groupId);
        rebalance = new Rebalance(group, deadlines, settings);
        joins = new Joins(group, rebalance, deadlines, settings, ids);
        syncs = new Syncs(group, rebalance);
        departures = new Departures(group, rebalance);
        offsets = new Offsets(group, rebalance, settings, topics, stored);
        this.maxSize = settings.maxSize();
    }

    @Override
    public void replay(GroupRecord record, long producerId, long offset) {
        stored.replay(record, producerId, offset);
        if (record instanceof GroupMetadata) {
            Generation generation = stored.generation();
            if (generation == null) {
                group.forget();
            } else {
                group.restore(generation);
            }
        }
        bringToLife();
    }

    @Override
    public void replayEnd(long producerId, boolean committed) {
        stored.replayEnd(producerId, committed);
    }

    /** Each replayed member must send a heartbeat within one session timeout. */
    @Override
    public GroupEffects start(Now now) {
        GroupStep step = new GroupStep(now);
        offsets.forgetDeletedTopics(step);
        group.members.all().forEach(member -> rebalance.keepSession(step, member));
        if (group.members.size() > maxSize) {
            rebalance.prepare(step, "the group has more members than group.max.size");
        }
        return effects(step);
    }

    @Override
    public GroupEffects step(GroupCommand command, Now now) {
        GroupStep step = new GroupStep(now);
        if (command instanceof GroupCommand.Request<?> request) {
            serve(step, request);
        } else {
            happen(step, command);
        }
        return effects(step);
    }

    private void serve(GroupStep step, GroupCommand.Request<?> request) {
        if (request instanceof Heartbeat heartbeat) {
            step.reply(heartbeat.reply(), heartbeat(step, heartbeat));
        } else if (request instanceof CommitOffsets commit) {
            offsets.commit(step, commit);
        } else if (request instanceof CommitInTransaction commit) {
            offsets.commit(step, commit);
        } else if (request instanceof FetchOffsets fetch) {
            offsets.fetch(step, fetch);
        } else if (request instanceof Join join) {
            joins.join(step, join);
        } else if (request instanceof Sync sync) {
            syncs.sync(step, sync);
        } else if (request instanceof Leave leave) {
            departures.leave(step, leave);
        } else if (request instanceof Describe describe) {
            step.reply(describe.reply(), describe());
        } else if (request instanceof Delete delete) {
            delete(step, delete);
        } else if (request instanceof DeleteOffsets delete) {
            offsets.delete(step, delete);
        } else {
            step.refuse(request, Errors.UNKNOWN_SERVER_ERROR);
        }
    }

    private void happen(GroupStep step, GroupCommand command) {
        if (command instanceof Appended appended) {
            settle(step, appended.id(), Errors.NONE, appended.baseOffset());
        } else if (command instanceof AppendFailed failed) {
            settle(step, failed.id(), AppendErrors.forClient(failed.error()), -1);
        } else if (command instanceof ExpireOffsets) {
            expire(step);
        } else if (command instanceof TransactionEnded end) {
            offsets.forgetLate(step, stored.replayEnd(end.producerId(), end.committed()));
        } else if (command instanceof ForgetTopics forget) {
            offsets.forgetTopics(step, forget.names());
        } else {
            throw new IllegalArgumentException("unexpected command for a group: " + command);
        }
    }

    private GroupEffects effects(GroupStep step) {
        List<RecordsToStore> appends = new ArrayList<>();
        for (GroupStep.Planned planned : step.appends()) {
            long id = ++lastAppend;
            inFlight.put(id, planned);
            appends.add(new RecordsToStore(id, planned.records(), planned.writer()));
        }
        return new GroupEffects(appends, step.replies(), step.notes());
    }

    private void settle(GroupStep step, long id, Errors error, long baseOffset) {
        GroupStep.Planned planned = inFlight.remove(id);
        if (planned == null) {
            return;
        }
        if (error == Errors.NONE) {
            long offset = baseOffset;
            TransactionalWriter writer = planned.writer();
            for (GroupRecord record : planned.records()) {
                stored.replay(record, writer == null ? -1 : writer.producerId(), offset++);
            }
            bringToLife();
            if (planned.records().contains(new GroupMetadata(group.groupId, null))) {
                endIfNobodyCame();
            }
            offsets.forgetLate(step, planned.records());
        }
        planned.settlement().settle(step, error, baseOffset);
    }

    private void bringToLife() {
        if (group.is(GroupState.DEAD) && !stored.hasNoOffsets()) {
            group.appear();
        }
    }

    private void endIfNobodyCame() {
        if (stored.isEmpty() && group.is(GroupState.EMPTY) && group.members.nobodyPending()) {
            group.forget();
        }
    }

    @Override
    public GroupEffects tick(Now now) {
        GroupStep step = new GroupStep(now);
        for (Key key : deadlines.due(now)) {
            if (deadlines.claim(key, now)) {
                switch (key.kind()) {
                    case SESSION -> departures.sessionTimeout(step, key.memberId());
                    case JOIN -> rebalance.joinTimeout(step);
                    case SYNC -> rebalance.syncTimeout(step);
                }
            }
        }
        deadlines.tighten();
        return effects(step);
    }

    private Errors heartbeat(GroupStep step, Heartbeat heartbeat) {
        Errors error = group.members.validate(heartbeat.memberId(), heartbeat.instanceId());
        Member member = group.members.get(heartbeat.memberId());
        if (error != Errors.NONE || member == null) {
            return error;
        }
        if (heartbeat.generation() != group.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        rebalance.keepSession(step, member);
        return group.is(GroupState.PREPARING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    private DescribeResult describe() {
        return group.is(GroupState.DEAD)
                ? new DescribeResult(Errors.GROUP_ID_NOT_FOUND, null)
                : new DescribeResult(Errors.NONE, Descriptions.of(group));
    }

    private void delete(GroupStep step, Delete delete) {
        Errors error = group.is(GroupState.DEAD)
                ? Errors.GROUP_ID_NOT_FOUND
                : group.is(GroupState.EMPTY) ? Errors.NONE : Errors.NON_EMPTY_GROUP;
        if (error != Errors.NONE) {
            step.reply(delete.reply(), error);
            return;
        }
        List<GroupRecord> records = new ArrayList<>(offsets.tombstonesOfAll());
        records.add(new GroupMetadata(group.groupId, null));
        step.append(records, (later, failure, base) -> later.reply(delete.reply(), failure));
    }

    private void expire(GroupStep step) {
        List<GroupRecord> records = new ArrayList<>(offsets.tombstones(offsets.expired(step.now())));
        boolean nothingLeft =
                records.size() == stored.offsets().size() && stored.pending().isEmpty();
        if (nothingLeft && group.is(GroupState.EMPTY) && isIdle()) {
            records.add(new GroupMetadata(group.groupId, null));
        }
        if (!records.isEmpty()) {
            step.note(Level.INFO, "expired: " + records.size() + " records");
            step.append(records, (later, error, base) -> {});
        }
    }

    private boolean hasExpired(Now now) {
        return !offsets.expired(now).isEmpty() || (group.is(GroupState.EMPTY) && isIdle() && stored.hasNoOffsets());
    }

    @Override
    public boolean concerns(GroupCommand command, Now now) {
        if (command instanceof ForgetTopics forget) {
            return !offsets.ofTopics(forget.names()).isEmpty();
        }
        return command instanceof ExpireOffsets
                ? hasExpired(now)
                : command instanceof TransactionEnded end && pendingProducers().contains(end.producerId());
    }

    @Override
    public Optional<Long> nextDeadline() {
        return deadlines.earliest() == MemberDeadlines.NONE ? Optional.empty() : Optional.of(deadlines.earliest());
    }

    @Override
    public boolean hasWork() {
        return !isIdle() || offsets.hasDeletedTopics();
    }

    /** No member is in the group, no id is pending, and no append is in flight. */
    @Override
    public boolean isIdle() {
        return group.members.isEmpty() && group.members.nobodyPending() && inFlight.isEmpty();
    }

    @Override
    public boolean isVacant() {
        return isIdle() && stored.isEmpty() && !group.is(GroupState.PREPARING_REBALANCE);
    }

    @Override
    public Set<Long> pendingProducers() {
        return stored.pending().producers();
    }

    @Override
    public String id() {
        return group.groupId;
    }

    @Override
    public Optional<GroupListing> listing() {
        @Nullable String type = group.protocolType();
        return group.is(GroupState.DEAD)
                ? Optional.empty()
                : Optional.of(new GroupListing(group.groupId, type == null ? "" : type, group.state()));
    }

    StoredGroup stored() {
        return stored;
    }
}
