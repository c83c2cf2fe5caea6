package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.classic.Subscription;
import io.aeon.coordinator.group.command.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.command.GroupCommand.Join;
import io.aeon.coordinator.group.command.GroupCommand.Leave;
import io.aeon.coordinator.group.command.GroupCommand.Leaver;
import io.aeon.coordinator.group.command.GroupCommand.Sync;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.LeaveResult;
import io.aeon.coordinator.group.command.LeaveResult.Left;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.consumer.ConsumerProtocol.Subscribed;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings.MigrationPolicy;
import io.aeon.coordinator.group.member.MemberDeadlines;
import io.aeon.coordinator.group.member.MemberDeadlines.Key;
import io.aeon.coordinator.group.record.AssignmentEpochs;
import io.aeon.coordinator.group.record.MemberAssignment;
import io.aeon.coordinator.group.record.MemberMetadata;
import io.aeon.coordinator.group.record.MemberMetadata.ClassicMetadata;
import io.aeon.coordinator.group.record.MemberState;
import io.aeon.coordinator.group.record.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The members of the classic protocol in a consumer group (KIP-848). Their generation is their member epoch; a join
 * reconciles them, and a sync tells them their partitions.
 */
final class ClassicMembers {
    private final ConsumerHeartbeats heartbeats;
    private final ConsumerDepartures departures;
    private final Targets targets;
    private final Downgrade downgrade;
    private final MemberDeadlines deadlines;

    ClassicMembers(
            ConsumerHeartbeats heartbeats,
            ConsumerDepartures departures,
            Targets targets,
            Downgrade downgrade,
            MemberDeadlines deadlines) {
        this.heartbeats = heartbeats;
        this.departures = departures;
        this.targets = targets;
        this.downgrade = downgrade;
        this.deadlines = deadlines;
    }

    /** @throws ApiException the join is refused */
    JoinResult join(Draft draft, Join join) {
        checkJoin(draft, join);
        boolean isNew = join.memberId().isEmpty();
        String memberId = isNew ? heartbeats.newId() : join.memberId();
        if (isNew && join.mustKnowId() && join.instanceId() == null) {
            return JoinResult.failed(Errors.MEMBER_ID_REQUIRED, memberId);
        }
        Subscribed subscription = ConsumerProtocol.subscription(
                        join.protocols().get(0).metadata(), draft.image())
                .orElseThrow(() -> unsupported(memberId));
        boolean replaces = join.instanceId() != null && takesOver(draft, join.instanceId(), memberId, isNew);
        MemberMetadata known = draft.state().member(memberId);
        boolean resubscribed = heartbeats.store(draft, memberId, known, told(join, subscription, known));
        boolean downgrades = replaces && downgrade.isDue(draft);
        boolean current = draft.state().targetEpoch() >= draft.state().groupEpoch();
        if (!downgrades) {
            targets.update(draft);
        }
        if (!downgrades || current) {
            heartbeats.reconcile(draft, memberId, resubscribed, subscription.owned());
        }
        JoinResult joined = joined(draft, join, memberId);
        if (downgrades) {
            downgrade.convert(draft, !current);
        } else {
            draft.whenDurable(later -> {
                deadlines.cancel(Key.join(memberId));
                deadlines.set(Key.session(memberId), later.now(), join.sessionTimeoutMs());
                deadlines.set(Key.sync(memberId), later.now(), join.rebalanceTimeoutMs());
            });
        }
        return joined;
    }

    private void checkJoin(Draft draft, Join join) {
        ConsumerGroupState state = draft.state();
        if (!downgrade.limits().allowsSession(join.sessionTimeoutMs())) {
            throw Errors.INVALID_SESSION_TIMEOUT.exception();
        }
        if (draft.settings().migration() == MigrationPolicy.DISABLED) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception("Cannot join the consumer group " + draft.groupId()
                    + " with the classic protocol because the group migration is disabled.");
        }
        if (state.members().size() >= draft.settings().maxSize() && state.member(join.memberId()) == null) {
            throw Errors.GROUP_MAX_SIZE_REACHED.exception();
        }
        heartbeats.admitToHeap(state, join.memberId(), join.instanceId());
        boolean supported = Subscription.CONSUMER_PROTOCOL.equals(join.protocolType())
                && join.protocols().stream().anyMatch(protocol -> state.index().supports(protocol.name()));
        if (!supported) {
            throw unsupported(join.memberId());
        }
    }

    private static ApiException unsupported(String memberId) {
        return Errors.INCONSISTENT_GROUP_PROTOCOL.exception("Member " + memberId + "'s protocols are not supported.");
    }

    /** Whether the static member takes the place of one of the consumer protocol. */
    private boolean takesOver(Draft draft, String instanceId, String memberId, boolean isNew) {
        String current = draft.state().index().idOfInstance(instanceId);
        if (!isNew) {
            ConsumerDepartures.checkInstance(current, memberId, instanceId);
        }
        if (current == null || current.equals(memberId)) {
            return false;
        }
        MemberMetadata old = draft.state().member(current);
        heartbeats.replace(draft, current, memberId);
        return old != null && !old.usesClassicProtocol();
    }

    private static MemberMetadata told(Join join, Subscribed subscription, @Nullable MemberMetadata known) {
        MemberMetadata old = known == null ? MemberMetadata.UNTOLD : known;
        return new MemberMetadata(
                join.instanceId() == null ? old.instanceId() : join.instanceId(),
                subscription.rackId() == null ? old.rackId() : subscription.rackId(),
                join.clientId(),
                join.clientHost(),
                subscription.topics(),
                "",
                join.rebalanceTimeoutMs(),
                old.assignor(),
                new ClassicMetadata(join.sessionTimeoutMs(), join.protocols()));
    }

    /** No member is the leader, because the coordinator computes the assignment. */
    private static JoinResult joined(Draft draft, Join join, String memberId) {
        return new JoinResult(
                Errors.NONE,
                memberId,
                draft.state().assignment(memberId).epoch(),
                Subscription.CONSUMER_PROTOCOL,
                join.protocols().get(0).name(),
                "",
                false,
                List.of());
    }

    /** @throws ApiException the sync is refused */
    SyncResult sync(Draft draft, Sync sync) {
        ClassicMetadata told = member(draft, sync.memberId(), sync.instanceId(), sync.generation());
        Protocol preferred = told.preferred();
        boolean otherType = sync.protocolType() != null && !sync.protocolType().equals(Subscription.CONSUMER_PROTOCOL);
        boolean otherName = sync.protocolName() != null && !sync.protocolName().equals(preferred.name());
        if (otherType || otherName) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception();
        }
        ConsumerGroupState state = draft.state();
        MemberAssignment member = state.assignment(sync.memberId());
        if (state.targetEpoch() > member.epoch() && member.state() != MemberState.UNREVOKED_PARTITIONS) {
            expectJoin(draft, sync.memberId());
            throw Errors.REBALANCE_IN_PROGRESS.exception();
        }
        deadlines.cancel(Key.sync(sync.memberId()));
        deadlines.set(Key.session(sync.memberId()), draft.now(), told.sessionTimeoutMs());
        return new SyncResult(
                Errors.NONE,
                Subscription.CONSUMER_PROTOCOL,
                preferred.name(),
                ConsumerProtocol.encode(member.assigned().partitions(), preferred, draft.image()));
    }

    /**
     * A member must join again when there is a new target for it, when it must revoke partitions, and when partitions
     * for which it waits are free. While no member uses the consumer protocol, only these heartbeats notice that a
     * target is due.
     *
     * @throws ApiException the heartbeat is refused
     */
    Errors heartbeat(Draft draft, Heartbeat heartbeat) {
        String memberId = heartbeat.memberId();
        ClassicMetadata told = member(draft, memberId, heartbeat.instanceId(), heartbeat.generation());
        deadlines.set(Key.session(memberId), draft.now(), told.sessionTimeoutMs());
        heartbeats.refresh(draft);
        MemberAssignment member = draft.state().assignment(memberId);
        boolean rejoins = member.epoch() < draft.state().targetEpoch()
                || member.state() == MemberState.UNREVOKED_PARTITIONS
                || (member.state() == MemberState.UNRELEASED_PARTITIONS && !awaitsOthers(draft, memberId));
        if (rejoins) {
            expectJoin(draft, memberId);
        }
        return rejoins ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    private static boolean awaitsOthers(Draft draft, String memberId) {
        ConsumerGroupState state = draft.state();
        AssignmentEpochs assigned = state.assignment(memberId).assigned();
        return state.target(memberId).topics().entrySet().stream()
                .anyMatch(topic -> topic.getValue().stream()
                        .anyMatch(partition -> !assigned.contains(topic.getKey(), partition)
                                && !state.isFree(topic.getKey(), partition)));
    }

    private void expectJoin(Draft draft, String memberId) {
        MemberMetadata member = draft.state().member(memberId);
        if (member != null) {
            deadlines.setIfAbsent(Key.join(memberId), draft.now(), member.rebalanceTimeoutMs());
        }
    }

    /** The member of a request that only a member of the classic protocol may send. */
    private static ClassicMetadata member(Draft draft, String memberId, @Nullable String instanceId, int generation) {
        if (instanceId != null) {
            ConsumerDepartures.checkInstance(draft.state().index().idOfInstance(instanceId), memberId, instanceId);
        }
        MemberMetadata member = draft.state().member(memberId);
        if (member == null || member.classic() == null) {
            throw ConsumerDepartures.unknown(draft, memberId);
        }
        if (generation != draft.state().assignment(memberId).epoch()) {
            throw Errors.ILLEGAL_GENERATION.exception();
        }
        return member.classic();
    }

    LeaveResult leave(Draft draft, Leave leave) {
        List<Left> results = new ArrayList<>();
        Set<String> gone = new LinkedHashSet<>();
        for (Leaver leaver : leave.leavers()) {
            Errors error = leaves(draft, leaver, gone);
            results.add(new Left(leaver.memberId(), leaver.instanceId(), error));
        }
        departures.leave(draft, gone);
        return new LeaveResult(Errors.NONE, results);
    }

    /** A tool may remove a static member without its member id. */
    private static Errors leaves(Draft draft, Leaver leaver, Set<String> gone) {
        String current = leaver.instanceId() == null
                ? leaver.memberId()
                : draft.state().index().idOfInstance(leaver.instanceId());
        if (current == null || draft.state().member(current) == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        if (!leaver.memberId().isEmpty() && !leaver.memberId().equals(current)) {
            return Errors.FENCED_INSTANCE_ID;
        }
        gone.add(current);
        return Errors.NONE;
    }
}
