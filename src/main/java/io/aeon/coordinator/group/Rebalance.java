package io.aeon.coordinator.group;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.Deadlines.Key;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;

/** Takes a group from one generation to the next. */
final class Rebalance {
    private final Standing group;
    private final Members members;
    private final Deadlines deadlines;
    private final GroupSettings settings;

    /** Members of this generation that have not asked for their assignment. */
    private final Set<String> pendingSync = new HashSet<>();

    /** A group that was empty gives others time to come before its first generation. */
    private boolean initial;

    private int initialDelayMs;
    private int initialRemainingMs;
    private boolean newMemberAdded;

    Rebalance(Standing group, Deadlines deadlines, GroupSettings settings) {
        this.group = group;
        this.members = group.members;
        this.deadlines = deadlines;
        this.settings = settings;
    }

    /** Starts a rebalance, or ends the one under way if nobody is missing. */
    void prepareOrComplete(Turn turn, String reason) {
        if (group.is(GroupState.PREPARING_REBALANCE)) {
            completeIfAllJoined(turn);
        } else {
            prepare(turn, reason);
        }
    }

    void prepare(Turn turn, String reason) {
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            refuseSyncs(turn, Errors.REBALANCE_IN_PROGRESS);
        }
        stopWaitingForSyncs();
        initial = group.is(GroupState.EMPTY);
        turn.note("rebalance of generation " + group.generation() + ": " + reason);
        group.enter(GroupState.PREPARING_REBALANCE, turn.now());
        if (initial) {
            newMemberAdded = false;
            initialDelayMs = settings.initialRebalanceDelayMs();
            initialRemainingMs = Math.max(members.maxRebalanceTimeoutMs() - initialDelayMs, 0);
            deadlines.set(Key.JOIN, turn.now(), initialDelayMs);
        } else if (members.allJoined()) {
            complete(turn);
        } else {
            deadlines.set(Key.JOIN, turn.now(), members.maxRebalanceTimeoutMs());
        }
    }

    /** While an empty group gathers its first members, time alone ends the wait. */
    void completeIfAllJoined(Turn turn) {
        if (group.is(GroupState.PREPARING_REBALANCE) && !initial && members.allJoined()) {
            complete(turn);
        }
    }

    /** As {@link #completeIfAllJoined}, for the case that the one who was missing is given up. */
    void completeWithoutMissing(Turn turn) {
        if (group.is(GroupState.PREPARING_REBALANCE) && members.allJoined()) {
            complete(turn);
        }
    }

    /** A member was added while the group may still be gathering. */
    void memberAdded() {
        if (initial && group.is(GroupState.PREPARING_REBALANCE)) {
            newMemberAdded = true;
        }
    }

    void joinTimeout(Turn turn) {
        if (!group.is(GroupState.PREPARING_REBALANCE)) {
            return;
        }
        if (initial && newMemberAdded && initialRemainingMs > 0) {
            newMemberAdded = false;
            int delayMs = Math.min(settings.initialRebalanceDelayMs(), initialRemainingMs);
            initialRemainingMs = Math.max(initialRemainingMs - initialDelayMs, 0);
            initialDelayMs = delayMs;
            deadlines.set(Key.JOIN, turn.now(), delayMs);
            return;
        }
        complete(turn);
    }

    private void complete(Turn turn) {
        deadlines.cancel(Key.JOIN);
        for (Member missing : members.notRejoined()) {
            // A static member keeps its place until its session ends: it may be restarting.
            if (!missing.isStatic()) {
                drop(turn, missing.id);
                turn.note("member " + missing.id + " did not rejoin in time");
            }
        }
        if (!members.isEmpty() && !members.electLeader()) {
            deadlines.set(Key.JOIN, turn.now(), members.maxRebalanceTimeoutMs());
            return;
        }
        initial = false;
        group.nextGeneration(turn.now());
        turn.note("generation " + group.generation() + " with " + members.size() + " members");
        if (members.isEmpty()) {
            turn.append(List.of(group.record(Map.of())), (later, error, offset) -> {});
            return;
        }
        pendingSync.clear();
        for (Member member : members.all()) {
            members.answerJoin(turn, member, group.joined(member));
            member.isNew = false;
            keepSession(turn, member);
            pendingSync.add(member.id);
        }
        deadlines.set(Key.SYNC, turn.now(), members.maxRebalanceTimeoutMs());
    }

    /** The member has asked for its assignment. */
    void synced(String memberId) {
        pendingSync.remove(memberId);
        if (pendingSync.isEmpty()) {
            deadlines.cancel(Key.SYNC);
        }
    }

    void syncTimeout(Turn turn) {
        if (pendingSync.isEmpty()) {
            return;
        }
        List<String> missing = new ArrayList<>(pendingSync);
        missing.forEach(memberId -> drop(turn, memberId));
        prepare(turn, "no sync in time from " + missing);
    }

    private void stopWaitingForSyncs() {
        pendingSync.clear();
        deadlines.cancel(Key.SYNC);
    }

    /** The assignments of this generation are durable. */
    void stabilize(Turn turn, Map<String, Bytes> assignments) {
        for (Member member : members.all()) {
            member.assignment = assignments.getOrDefault(member.id, Bytes.NONE);
            if (members.answerSync(turn, member, group.synced(member))) {
                keepSession(turn, member);
            }
        }
        group.enter(GroupState.STABLE, turn.now());
    }

    /** The generation gets no assignment. */
    void refuseSyncs(Turn turn, Errors error) {
        for (Member member : members.all()) {
            member.assignment = Bytes.NONE;
            if (members.answerSync(turn, member, SyncResult.failed(error))) {
                keepSession(turn, member);
            }
        }
    }

    void keepSession(Turn turn, Member member) {
        deadlines.set(Key.session(member.id), turn.now(), member.sessionTimeoutMs);
    }

    /** Takes a member out and forgets its deadlines; what follows for the group is the caller's. */
    void drop(Turn turn, String memberId) {
        members.remove(turn, memberId);
        deadlines.cancel(Key.session(memberId));
        synced(memberId);
    }

    /** A static member has a new id. */
    void renamed(Turn turn, String oldId, Member member) {
        deadlines.cancel(Key.session(oldId));
        keepSession(turn, member);
        if (pendingSync.remove(oldId)) {
            pendingSync.add(member.id);
        }
    }
}
