package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.HeapShare;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.ConsumerHeartbeat;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.environment.HeartbeatPace;
import io.aeon.coordinator.group.member.MemberDeadlines;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.AssignmentRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.MemberRecord;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.TargetRecord;
import io.aeon.coordinator.group.record.MemberAssignment;
import io.aeon.coordinator.group.record.MemberMetadata;
import io.aeon.coordinator.group.record.MemberState;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** The heartbeats by which members of the consumer protocol join, report their partitions and get their assignment. */
final class ConsumerHeartbeats {
    /** The shortest heartbeat interval that a waiting member is told, in milliseconds. */
    static final int SHORTEST_INTERVAL_MS = 100;

    /**
     * After a change of the group another one is likely, as in a rolling restart. For this time its members are told
     * {@link #MOVING_INTERVAL_MS} at most, in milliseconds.
     */
    static final int MOVING_MS = 30_000;

    /** The longest heartbeat interval in a group that has just changed, in milliseconds. */
    static final int MOVING_INTERVAL_MS = 1000;

    private final GroupEpochs epochs;
    private final Targets targets;
    private final Regexes regexes;
    private final MemberDeadlines deadlines;
    private final Supplier<UUID> ids;
    private final HeapShare heap;
    private final HeartbeatPace pace;

    /** Since when a member waits for partitions or a target, in {@link io.aeon.coordinator.Now#elapsedMs}. */
    private final Map<String, Long> waitingSince = new HashMap<>();

    ConsumerHeartbeats(
            GroupEpochs epochs,
            Targets targets,
            Regexes regexes,
            MemberDeadlines deadlines,
            Supplier<UUID> ids,
            GroupSettings settings) {
        this.epochs = epochs;
        this.targets = targets;
        this.regexes = regexes;
        this.deadlines = deadlines;
        this.ids = ids;
        this.heap = settings.heap();
        this.pace = settings.pace();
    }

    /**
     * @throws org.apache.kafka.common.errors.ApiException the heartbeat is refused; records that were made must be
     *     taken back
     */
    ConsumerHeartbeatResult handle(Draft draft, ConsumerHeartbeat request) {
        String memberId = admit(draft, request);
        MemberAssignment before = draft.state().assignment(memberId);
        boolean resubscribed = update(draft, request, memberId);
        targets.update(draft);
        reconcile(draft, memberId, resubscribed, request.owned());
        deadlines.alive(memberId, draft.now(), draft.settings().session().ms());
        MemberAssignment after = draft.state().assignment(memberId);
        boolean told = request.joins() || request.isFull() || !after.assigned().equals(before.assigned());
        return new ConsumerHeartbeatResult(
                Errors.NONE,
                null,
                memberId,
                after.epoch(),
                interval(draft, memberId),
                told ? after.assigned().partitions() : null);
    }

    /**
     * Whether the heartbeat tells nothing new, and the member has all that it can get.
     *
     * @param state in which changes may still be on their way to the log
     */
    static boolean changesNothing(ConsumerGroupState state, ConsumerHeartbeat request) {
        MemberMetadata member = state.member(request.memberId());
        return member != null
                && !member.usesClassicProtocol()
                && !request.joins()
                && request.tellsNothing()
                && request.memberEpoch() == state.assignment(request.memberId()).epoch()
                && state.targetEpoch() >= state.groupEpoch()
                && state.assignment(request.memberId()).isReconciledTo(state.targetEpoch());
    }

    /** Tests who sends the heartbeat; returns its member id. */
    private String admit(Draft draft, ConsumerHeartbeat request) {
        ConsumerGroupState state = draft.state();
        if (!state.exists() && !request.joins()) {
            throw Errors.GROUP_ID_NOT_FOUND.exception("Consumer group " + draft.groupId() + " not found.");
        }
        if (state.members().size() >= draft.settings().maxSize() && state.member(request.memberId()) == null) {
            throw Errors.GROUP_MAX_SIZE_REACHED.exception("The consumer group has reached its maximum capacity of "
                    + draft.settings().maxSize() + " members.");
        }
        if (request.joins()) {
            admitToHeap(state, request.memberId(), request.instanceId());
        }
        String memberId = request.memberId().isEmpty() ? newId() : request.memberId();
        if (request.instanceId() != null) {
            admitStatic(draft, request, memberId, request.instanceId());
        } else if (state.member(memberId) == null) {
            if (!request.joins()) {
                throw ConsumerDepartures.unknown(draft, memberId);
            }
        } else {
            checkEpoch(state.assignment(memberId), request);
        }
        return memberId;
    }

    /** @throws org.apache.kafka.common.errors.ApiException the member is new and groups take all heap that they may */
    void admitToHeap(ConsumerGroupState state, String memberId, @Nullable String instanceId) {
        boolean isKnown = state.member(memberId) != null
                || (instanceId != null && state.index().idOfInstance(instanceId) != null);
        if (!isKnown) {
            requireHeap();
        }
    }

    private void requireHeap() {
        if (!heap.admits()) {
            throw Errors.GROUP_MAX_SIZE_REACHED.exception("All groups together take the heap that they may take.");
        }
    }

    String newId() {
        UUID id = ids.get();
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits()).toString();
    }

    private void admitStatic(Draft draft, ConsumerHeartbeat request, String memberId, String instanceId) {
        String current = draft.state().index().idOfInstance(instanceId);
        if (!request.joins()) {
            ConsumerDepartures.checkInstance(current, memberId, instanceId);
            checkEpoch(draft.state().assignment(memberId), request);
        } else if (current != null && !current.equals(memberId)) {
            MemberMetadata known = draft.state().member(current);
            boolean classic = known != null && known.usesClassicProtocol();
            if (!classic && draft.state().assignment(current).epoch() != MemberAssignment.LEFT_FOR_A_WHILE) {
                throw Errors.UNRELEASED_INSTANCE_ID.exception("Static member " + memberId + " with instance id "
                        + instanceId + " cannot join the group because the instance id is owned by " + current
                        + " member.");
            }
            replace(draft, current, memberId);
        }
    }

    /** A static member has returned with a new member id: it takes over the assignment of the old one. */
    void replace(Draft draft, String oldId, String newId) {
        ConsumerGroupState state = draft.state();
        MemberMetadata member = state.member(oldId);
        MemberAssignment assignment = state.assignment(oldId).returned();
        PartitionsByTopic target = state.target(oldId);
        ConsumerDepartures.remove(draft, oldId);
        draft.add(new MemberRecord(draft.groupId(), newId, member));
        draft.add(new TargetRecord(draft.groupId(), newId, target));
        draft.add(new AssignmentRecord(draft.groupId(), newId, assignment));
        draft.note(Level.DEBUG, "static member " + oldId + " has returned as " + newId);
    }

    /** A heartbeat with the previous epoch is a repetition, because the answer to the last one was lost. */
    private static void checkEpoch(MemberAssignment member, ConsumerHeartbeat request) {
        int epoch = request.memberEpoch();
        if (request.joins() || epoch == member.epoch()) {
            return;
        }
        boolean repeated = epoch < member.epoch()
                && epoch == member.previousEpoch()
                && request.owned() != null
                && member.assigned().containsAll(request.owned());
        if (!repeated) {
            throw Errors.FENCED_MEMBER_EPOCH.exception("The consumer group member has a "
                    + (epoch > member.epoch() ? "greater" : "smaller") + " member epoch (" + epoch
                    + ") than the one known by the group coordinator (" + member.epoch()
                    + "). The member must abandon all its partitions and rejoin.");
        }
    }

    /** Begins the next group epoch if the subscribed topics have changed, and computes a target that is due. */
    void refresh(Draft draft) {
        epochs.follow(draft);
        targets.update(draft);
    }

    /** Stores what the member has told; returns whether its subscription has changed. */
    private boolean update(Draft draft, ConsumerHeartbeat request, String memberId) {
        MemberMetadata known = draft.state().member(memberId);
        MemberMetadata old = known == null ? MemberMetadata.UNTOLD : known;
        MemberMetadata next = request.updates(old);
        if (known != null && next.heapBytes() > known.heapBytes()) {
            requireHeap();
        }
        return store(draft, memberId, known, next);
    }

    /** As {@link #update}, for a member that has told {@code next}; {@code known} is null for a new one. */
    boolean store(Draft draft, String memberId, @Nullable MemberMetadata known, MemberMetadata next) {
        MemberMetadata old = known == null ? MemberMetadata.UNTOLD : known;
        if (!next.equals(known)) {
            draft.add(new MemberRecord(draft.groupId(), memberId, next));
        }
        boolean renamed = !next.topics().equals(old.topics());
        boolean resolved = regexes.replace(draft, old.regex(), next.regex());
        if (renamed || resolved) {
            epochs.next(draft);
        } else {
            epochs.follow(draft);
        }
        return renamed || !next.regex().equals(old.regex());
    }

    /** @param owned the partitions that the member owns by its own report, null if it has reported nothing */
    void reconcile(Draft draft, String memberId, boolean resubscribed, @Nullable PartitionsByTopic owned) {
        ConsumerGroupState state = draft.state();
        MemberAssignment current = state.assignment(memberId);
        MemberMetadata member = state.member(memberId);
        if (member == null || (!resubscribed && current.isReconciledTo(state.targetEpoch()))) {
            return;
        }
        MemberAssignment next = new Reconciliation(
                        current,
                        state.targetEpoch(),
                        state.target(memberId),
                        new SubscribedTopics(state, draft.image()).of(member),
                        state::isFree,
                        owned)
                .next(resubscribed);
        if (!next.equals(current)) {
            draft.add(new AssignmentRecord(draft.groupId(), memberId, next));
        }
    }

    /**
     * The heartbeat interval for a member. In a group that has just changed it is short. A member that waits for
     * another one, for a target or for the topics of its regular expression is told a still shorter one, which grows
     * with the time that it has waited.
     */
    private int interval(Draft draft, String memberId) {
        ConsumerGroupState state = draft.state();
        MemberAssignment assignment = state.assignment(memberId);
        MemberMetadata member = state.member(memberId);
        int usual = draft.settings().heartbeat().ms();
        boolean waits = assignment.state() == MemberState.UNRELEASED_PARTITIONS
                || state.targetEpoch() < state.groupEpoch()
                || (member != null && member.hasRegex() && !state.regexes().containsKey(member.regex()));
        if (!waits) {
            waitingSince.remove(memberId);
            return usualInterval(draft.now(), draft.settings());
        }
        long now = draft.now().elapsedMs();
        long waited = now - waitingSince.computeIfAbsent(memberId, absent -> now);
        return (int) Math.min(usual, Math.max(SHORTEST_INTERVAL_MS, waited / 4));
    }

    /** The heartbeat interval for a member that waits for nothing. */
    int usualInterval(Now now, ConsumerGroupSettings settings) {
        int interval = pace.intervalMs(now, settings.heartbeat().ms());
        return epochs.hasChangedWithin(now, MOVING_MS) ? Math.min(interval, MOVING_INTERVAL_MS) : interval;
    }

    /** A member is gone. */
    void forget(String memberId) {
        waitingSince.remove(memberId);
    }
}
