package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.HoldUp;
import io.aeon.coordinator.group.command.HoldUp.Awaited;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.member.HoldUpReports;
import io.aeon.coordinator.group.member.MemberDeadlines;
import io.aeon.coordinator.group.member.MemberDeadlines.Key;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.event.Level;

/** Moves a group from one generation to the next. */
final class Rebalance {
    private final CurrentGeneration group;
    private final Members members;
    private final MemberDeadlines deadlines;
    private final GroupSettings settings;

    private final HoldUpReports reports;

    /** Members of this generation that have not sent a sync yet. */
    private final Set<String> pendingSync = new HashSet<>();

    /** An empty group waits for further members before its first generation. */
    private boolean initial;

    private int initialDelayMs;
    private int initialRemainingMs;
    private boolean newMemberAdded;

    Rebalance(CurrentGeneration group, MemberDeadlines deadlines, GroupSettings settings) {
        this.group = group;
        this.members = group.members;
        this.deadlines = deadlines;
        this.settings = settings;
        this.reports = new HoldUpReports(deadlines);
    }

    /** Starts a rebalance, or completes the running one if all members have joined. */
    void prepareOrComplete(GroupStep step, String reason) {
        if (group.is(GroupState.PREPARING_REBALANCE)) {
            completeIfAllJoined(step);
        } else {
            prepare(step, reason);
        }
    }

    void prepare(GroupStep step, String reason) {
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            refuseSyncs(step, Errors.REBALANCE_IN_PROGRESS);
        }
        stopWaitingForSyncs();
        initial = group.is(GroupState.EMPTY);
        step.note(Level.DEBUG, "rebalance of generation " + group.generation() + ": " + reason);
        group.enter(GroupState.PREPARING_REBALANCE, step.now());
        reports.begin(step.now());
        if (initial) {
            newMemberAdded = false;
            initialDelayMs = settings.initialRebalanceDelayMs();
            initialRemainingMs = Math.max(members.maxRebalanceTimeoutMs() - initialDelayMs, 0);
            deadlines.set(Key.JOIN, step.now(), initialDelayMs);
        } else if (members.allJoined()) {
            complete(step);
        } else {
            deadlines.set(Key.JOIN, step.now(), members.maxRebalanceTimeoutMs());
        }
    }

    /** While an empty group waits for its first members, only the deadline ends the wait. */
    void completeIfAllJoined(GroupStep step) {
        if (group.is(GroupState.PREPARING_REBALANCE) && !initial && members.allJoined()) {
            complete(step);
        }
    }

    /** As {@link #completeIfAllJoined}, after the removal of a missing member; also ends the initial wait. */
    void completeWithoutMissing(GroupStep step) {
        if (group.is(GroupState.PREPARING_REBALANCE) && members.allJoined()) {
            complete(step);
        }
    }

    /** Notes that a member was added, which extends the initial wait. */
    void memberAdded() {
        if (initial && group.is(GroupState.PREPARING_REBALANCE)) {
            newMemberAdded = true;
        }
    }

    void joinTimeout(GroupStep step) {
        if (!group.is(GroupState.PREPARING_REBALANCE)) {
            return;
        }
        if (initial && newMemberAdded && initialRemainingMs > 0) {
            newMemberAdded = false;
            int delayMs = Math.min(settings.initialRebalanceDelayMs(), initialRemainingMs);
            initialRemainingMs = Math.max(initialRemainingMs - initialDelayMs, 0);
            initialDelayMs = delayMs;
            deadlines.set(Key.JOIN, step.now(), delayMs);
            return;
        }
        complete(step);
    }

    private void complete(GroupStep step) {
        deadlines.cancel(Key.JOIN);
        for (Member missing : members.notRejoined()) {
            // A static member keeps its place until its session ends, because it may be restarting.
            if (!missing.isStatic()) {
                drop(step, missing.id);
                step.note(Level.INFO, "member " + missing.id + " is removed: it did not rejoin in time");
            }
        }
        if (!members.isEmpty() && !members.electLeader()) {
            deadlines.set(Key.JOIN, step.now(), members.maxRebalanceTimeoutMs());
            return;
        }
        initial = false;
        group.nextGeneration(step.now());
        step.note(Level.DEBUG, "generation " + group.generation() + " with " + members.size() + " members");
        if (members.isEmpty()) {
            reports.end();
            step.append(List.of(group.record(Map.of())), (later, error, offset) -> {});
            return;
        }
        pendingSync.clear();
        for (Member member : members.all()) {
            members.answerJoin(step, member, group.joined(member));
            member.isNew = false;
            answered(step, member);
            pendingSync.add(member.id);
        }
        deadlines.set(Key.SYNC, step.now(), members.maxRebalanceTimeoutMs());
    }

    /** The member has sent its sync. */
    void synced(String memberId) {
        pendingSync.remove(memberId);
        if (pendingSync.isEmpty()) {
            deadlines.cancel(Key.SYNC);
        }
    }

    /** Names the members that are late. */
    void report(GroupStep step) {
        reports.report(step, holdUps(step.now()));
    }

    /** The members for which the others wait. */
    List<HoldUp> holdUps(Now now) {
        return switch (group.state()) {
            case PREPARING_REBALANCE -> initial ? List.of() : awaited(members.notRejoined(), Awaited.REJOIN, now);
            case COMPLETING_REBALANCE ->
                awaited(
                        members.all().stream()
                                .filter(member -> members.isLeader(member.id) && member.awaitingSync == null)
                                .toList(),
                        Awaited.ASSIGNMENT,
                        now);
            case STABLE ->
                awaited(
                        members.all().stream()
                                .filter(member -> pendingSync.contains(member.id))
                                .toList(),
                        Awaited.SYNC,
                        now);
            case EMPTY, DEAD -> List.of();
        };
    }

    private List<HoldUp> awaited(List<Member> missing, Awaited awaited, Now now) {
        return missing.stream()
                .map(member -> new HoldUp(member.id, member.clientId, member.clientHost, awaited, group.forMs(now)))
                .toList();
    }

    void syncTimeout(GroupStep step) {
        if (pendingSync.isEmpty()) {
            return;
        }
        List<String> missing = new ArrayList<>(pendingSync);
        missing.forEach(memberId -> drop(step, memberId));
        step.note(Level.INFO, "members are removed, because they sent no sync in time: " + missing);
        prepare(step, "no sync in time from members " + missing);
    }

    private void stopWaitingForSyncs() {
        pendingSync.clear();
        deadlines.cancel(Key.SYNC);
    }

    /** The assignments of this generation are durable. */
    void stabilize(GroupStep step, Map<String, Bytes> assignments) {
        for (Member member : members.all()) {
            members.assign(member, assignments.getOrDefault(member.id, Bytes.NONE));
            if (members.answerSync(step, member, group.synced(member))) {
                answered(step, member);
            }
        }
        group.enter(GroupState.STABLE, step.now());
        reports.end();
    }

    /** The generation gets no assignment: all waiting syncs fail. */
    void refuseSyncs(GroupStep step, Errors error) {
        for (Member member : members.all()) {
            members.assign(member, Bytes.NONE);
            if (members.answerSync(step, member, SyncResult.failed(error))) {
                answered(step, member);
            }
        }
    }

    /** The client of a member has disconnected while a request of it waits: its session begins. */
    void abandoned(GroupStep step, Member member) {
        keepSession(step, member);
        member.isAbandoned = true;
    }

    /**
     * The wait of a member's request has ended: its session begins, unless it runs since the client has disconnected.
     */
    void answered(GroupStep step, Member member) {
        if (!member.isAbandoned) {
            keepSession(step, member);
        }
    }

    void keepSession(GroupStep step, Member member) {
        deadlines.set(Key.session(member.id), step.now(), member.sessionTimeoutMs);
    }

    /** Removes a member and its deadlines; the caller handles the effect on the group. */
    void drop(GroupStep step, String memberId) {
        members.remove(step, memberId);
        deadlines.cancel(Key.session(memberId));
        synced(memberId);
    }

    /** A static member has a new member id. */
    void renamed(GroupStep step, String oldId, Member member) {
        deadlines.cancel(Key.session(oldId));
        keepSession(step, member);
        if (pendingSync.remove(oldId)) {
            pendingSync.add(member.id);
        }
    }
}
