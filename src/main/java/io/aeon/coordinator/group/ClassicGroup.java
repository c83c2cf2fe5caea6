package io.aeon.coordinator.group;

import io.aeon.coordinator.AppendErrors;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.group.Deadlines.Key;
import io.aeon.coordinator.group.GroupCommand.AppendFailed;
import io.aeon.coordinator.group.GroupCommand.Appended;
import io.aeon.coordinator.group.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.GroupCommand.Delete;
import io.aeon.coordinator.group.GroupCommand.DeleteOffsets;
import io.aeon.coordinator.group.GroupCommand.Describe;
import io.aeon.coordinator.group.GroupCommand.DescribeResult;
import io.aeon.coordinator.group.GroupCommand.EndTransaction;
import io.aeon.coordinator.group.GroupCommand.ExpireOffsets;
import io.aeon.coordinator.group.GroupCommand.FetchOffsets;
import io.aeon.coordinator.group.GroupCommand.ForgetTopics;
import io.aeon.coordinator.group.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.GroupCommand.Join;
import io.aeon.coordinator.group.GroupCommand.Leave;
import io.aeon.coordinator.group.GroupCommand.Sync;
import io.aeon.coordinator.group.GroupCommand.Tick;
import io.aeon.coordinator.group.GroupRecord.GroupMetadata;
import io.aeon.coordinator.group.GroupRecord.OffsetCommit;
import io.aeon.coordinator.transaction.TransactionalWriter;
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

/**
 * One group of the classic protocol, as a state machine: a command and the time in, records and replies out. What the
 * log keeps of it (generations with their assignments, offsets) changes only when a record is durable, here as in
 * {@link #replay}; who is joining or silent just now is nowhere but in memory and ends with it.
 *
 * <p>Not thread-safe. An exception leaves the group unusable: refuse those who wait and replay it from the log.
 */
public final class ClassicGroup {
    private final Standing group;
    private final Deadlines deadlines = new Deadlines();
    private final Rebalance rebalance;
    private final Joins joins;
    private final Syncs syncs;
    private final Departures departures;
    private final Offsets offsets;
    private final Map<Long, Turn.Planned> inFlight = new HashMap<>();
    private final int maxSize;
    private long lastAppend;
    private boolean stored;

    /**
     * A group that does not exist; records or a first request bring it to life.
     *
     * @param ids makes the ids of new members, never the same twice
     * @param topics what committed offsets are held against: those of a topic that is no more do not count
     */
    public ClassicGroup(String groupId, GroupSettings settings, Supplier<UUID> ids, TopicIds topics) {
        group = new Standing(groupId);
        rebalance = new Rebalance(group, deadlines, settings);
        joins = new Joins(group, rebalance, deadlines, settings, ids);
        syncs = new Syncs(group, rebalance);
        departures = new Departures(group, rebalance);
        offsets = new Offsets(group, rebalance, settings, topics);
        this.maxSize = settings.maxSize();
    }

    /**
     * Takes in a record read from the log at {@code offset}. Only before {@link #start}.
     *
     * @param producerId whose transaction the record is a part of, -1 if of none
     */
    public void replay(GroupRecord record, long producerId, long offset) {
        if (record instanceof GroupMetadata metadata) {
            stored = metadata.value() != null;
            if (metadata.value() != null) {
                group.restore(metadata.value());
            } else {
                group.forget();
                offsets.pending().clear();
            }
        } else if (record instanceof OffsetCommit commit) {
            offsets.apply(producerId, commit, offset);
        }
    }

    /** Takes in the end of a producer's transaction, read from the log. Only before {@link #start}. */
    public void replayEnd(long producerId, boolean committed) {
        offsets.endTransaction(producerId, committed);
    }

    /** Begins to serve after a replay: members that came with it have one session timeout to be heard of. */
    public Effects start(Now now) {
        Turn turn = new Turn(now);
        bringToLife(now);
        offsets.forgetDeletedTopics(turn);
        group.members.all().forEach(member -> rebalance.keepSession(turn, member));
        if (group.members.size() > maxSize) {
            rebalance.prepare(turn, "more members than group.max.size");
        }
        return effects(turn);
    }

    public Effects step(GroupCommand command, Now now) {
        Turn turn = new Turn(now);
        if (command instanceof GroupCommand.Request<?> request) {
            serve(turn, request);
        } else {
            happen(turn, command);
        }
        return effects(turn);
    }

    private void serve(Turn turn, GroupCommand.Request<?> request) {
        if (request instanceof Heartbeat heartbeat) {
            turn.reply(heartbeat.reply(), heartbeat(turn, heartbeat));
        } else if (request instanceof CommitOffsets commit) {
            offsets.commit(turn, commit);
        } else if (request instanceof CommitInTransaction commit) {
            offsets.commit(turn, commit);
        } else if (request instanceof FetchOffsets fetch) {
            offsets.fetch(turn, fetch);
        } else if (request instanceof Join join) {
            joins.join(turn, join);
        } else if (request instanceof Sync sync) {
            syncs.sync(turn, sync);
        } else if (request instanceof Leave leave) {
            departures.leave(turn, leave);
        } else if (request instanceof Describe describe) {
            turn.reply(describe.reply(), describe());
        } else if (request instanceof Delete delete) {
            delete(turn, delete);
        } else if (request instanceof DeleteOffsets delete) {
            offsets.delete(turn, delete);
        }
    }

    private void happen(Turn turn, GroupCommand command) {
        if (command instanceof Tick) {
            tick(turn);
        } else if (command instanceof Appended appended) {
            settle(turn, appended.id(), Errors.NONE, appended.baseOffset());
        } else if (command instanceof AppendFailed failed) {
            settle(turn, failed.id(), AppendErrors.forClient(failed.error()), -1);
        } else if (command instanceof ExpireOffsets) {
            expire(turn);
        } else if (command instanceof EndTransaction end) {
            offsets.forgetLate(turn, offsets.endTransaction(end.producerId(), end.committed()));
        } else if (command instanceof ForgetTopics forget) {
            offsets.forgetTopics(turn, forget.names());
        }
    }

    private Effects effects(Turn turn) {
        List<Append> appends = new ArrayList<>();
        for (Turn.Planned planned : turn.appends()) {
            long id = ++lastAppend;
            inFlight.put(id, planned);
            appends.add(new Append(id, planned.records(), planned.writer()));
        }
        return new Effects(appends, turn.replies(), turn.notes());
    }

    private void settle(Turn turn, long id, Errors error, long baseOffset) {
        Turn.Planned planned = inFlight.remove(id);
        if (planned == null) {
            return;
        }
        if (error == Errors.NONE) {
            long offset = baseOffset;
            TransactionalWriter writer = planned.writer();
            for (GroupRecord record : planned.records()) {
                apply(turn, record, writer == null ? -1 : writer.producerId(), offset++);
            }
            offsets.forgetLate(turn, planned.records());
        }
        planned.settlement().settle(turn, error, baseOffset);
    }

    private void apply(Turn turn, GroupRecord record, long producerId, long offset) {
        if (record instanceof OffsetCommit commit) {
            offsets.apply(producerId, commit, offset);
            bringToLife(turn.now());
        } else if (record instanceof GroupMetadata metadata) {
            stored = metadata.value() != null;
            if (!stored) {
                offsets.pending().clear();
            }
            boolean abandoned = group.is(GroupState.EMPTY) && group.members.nobodyPending();
            if (!stored && abandoned && offsets.isEmpty()) {
                group.forget();
            }
        }
    }

    private void bringToLife(Now now) {
        if (group.is(GroupState.DEAD) && !offsets.isEmpty()) {
            group.enter(GroupState.EMPTY, now);
        }
    }

    private void tick(Turn turn) {
        for (Key key : deadlines.due(turn.now())) {
            if (deadlines.claim(key, turn.now())) {
                switch (key.kind()) {
                    case SESSION -> departures.sessionTimeout(turn, key.memberId());
                    case JOIN -> rebalance.joinTimeout(turn);
                    case SYNC -> rebalance.syncTimeout(turn);
                }
            }
        }
        deadlines.tighten();
    }

    private Errors heartbeat(Turn turn, Heartbeat heartbeat) {
        Errors error = group.members.validate(heartbeat.memberId(), heartbeat.instanceId());
        Member member = group.members.get(heartbeat.memberId());
        if (error != Errors.NONE || member == null) {
            return error;
        }
        if (heartbeat.generation() != group.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        rebalance.keepSession(turn, member);
        return group.is(GroupState.PREPARING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    private DescribeResult describe() {
        return group.is(GroupState.DEAD)
                ? new DescribeResult(Errors.GROUP_ID_NOT_FOUND, null)
                : new DescribeResult(Errors.NONE, Descriptions.of(group));
    }

    private void delete(Turn turn, Delete delete) {
        Errors error = group.is(GroupState.DEAD)
                ? Errors.GROUP_ID_NOT_FOUND
                : group.is(GroupState.EMPTY) ? Errors.NONE : Errors.NON_EMPTY_GROUP;
        if (error != Errors.NONE) {
            turn.reply(delete.reply(), error);
            return;
        }
        List<GroupRecord> records = new ArrayList<>(offsets.tombstonesOfAll());
        records.add(new GroupMetadata(group.groupId, null));
        turn.append(records, (later, failure, base) -> later.reply(delete.reply(), failure));
    }

    private void expire(Turn turn) {
        List<GroupRecord> records = new ArrayList<>(offsets.tombstones(offsets.expired(turn.now())));
        boolean nothingLeft =
                records.size() == offsets.table().size() && offsets.pending().isEmpty();
        if (nothingLeft && group.is(GroupState.EMPTY) && isIdle()) {
            records.add(new GroupMetadata(group.groupId, null));
        }
        if (!records.isEmpty()) {
            turn.note("expired: " + records.size() + " records");
            turn.append(records, (later, error, base) -> {});
        }
    }

    /** Whether {@link GroupCommand.ExpireOffsets} would change anything. */
    public boolean hasExpired(Now now) {
        return !offsets.expired(now).isEmpty() || (group.is(GroupState.EMPTY) && isIdle() && offsets.isEmpty());
    }

    /** Whether {@link GroupCommand.ForgetTopics} would remove anything. */
    public boolean refersTo(Set<String> deleted) {
        return !offsets.ofTopics(deleted).isEmpty();
    }

    /** Whether something was replayed that {@link #start} removes. */
    public boolean hasDeletedTopics() {
        return offsets.hasDeletedTopics();
    }

    /** When to send {@link GroupCommand.Tick}, in {@link Now#elapsedMs}; it may come too early. Empty: not at all. */
    public Optional<Long> nextDeadline() {
        return deadlines.earliest() == Deadlines.NONE ? Optional.empty() : Optional.of(deadlines.earliest());
    }

    /** Nobody is in the group, on the way into it or waiting for it: all there is of it is in the log. */
    public boolean isIdle() {
        return group.members.isEmpty() && group.members.nobodyPending() && inFlight.isEmpty();
    }

    /** The group is not there, neither here nor in the log. */
    public boolean isVacant() {
        return isIdle() && !stored && offsets.isEmpty() && !group.is(GroupState.PREPARING_REBALANCE);
    }

    /** Whose transactions decide over offsets that are durable here. */
    public Set<Long> pendingProducers() {
        return offsets.pending().producers();
    }

    public String groupId() {
        return group.groupId;
    }

    public GroupListing listing() {
        @Nullable String type = group.protocolType();
        return new GroupListing(group.groupId, type == null ? "" : type, group.state());
    }

    /** Answers all who wait, for the group stops serving. */
    public List<Reply<?>> abandon(Errors error, Now now) {
        Turn turn = new Turn(now);
        group.members.refuseAll(turn, error);
        List.copyOf(inFlight.values()).forEach(planned -> planned.settlement().settle(turn, error, -1));
        inFlight.clear();
        group.members.refuseAll(turn, error);
        return turn.replies();
    }
}
