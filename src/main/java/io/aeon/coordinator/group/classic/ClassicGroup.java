package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.TextHeap;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.ConsumerHeartbeat;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.DescribeConsumerGroup;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.DescribeConsumerGroupResult;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupCommand.Describe;
import io.aeon.coordinator.group.command.GroupCommand.DescribeResult;
import io.aeon.coordinator.group.command.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.command.GroupCommand.Join;
import io.aeon.coordinator.group.command.GroupCommand.Leave;
import io.aeon.coordinator.group.command.GroupCommand.Sync;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.GroupType;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.member.MemberDeadlines;
import io.aeon.coordinator.group.member.MemberDeadlines.Key;
import io.aeon.coordinator.group.member.Membership;
import io.aeon.coordinator.group.member.OffsetRules;
import io.aeon.coordinator.group.record.GroupRecord;
import io.aeon.coordinator.group.record.GroupRecord.Generation;
import io.aeon.coordinator.group.record.GroupRecord.GroupMetadata;
import io.aeon.coordinator.group.record.Protocol;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The members of a group under the classic protocol. The waiting requests and the session deadlines are only in memory;
 * all other state is in the log.
 */
public final class ClassicGroup implements Membership {
    private final CurrentGeneration group;
    private final MemberDeadlines deadlines = new MemberDeadlines();
    private final Rebalance rebalance;
    private final Joins joins;
    private final Syncs syncs;
    private final Departures departures;
    private final OffsetRules offsetRules;
    private final GroupSettings settings;

    /** @param ids creates the unique part of new member ids */
    public ClassicGroup(String groupId, GroupSettings settings, Supplier<UUID> ids) {
        group = new CurrentGeneration(groupId);
        rebalance = new Rebalance(group, deadlines, settings);
        joins = new Joins(group, rebalance, deadlines, settings, ids);
        syncs = new Syncs(group, rebalance);
        departures = new Departures(group, rebalance);
        offsetRules = new ClassicOffsetRules(group, rebalance);
        this.settings = settings;
    }

    /** Takes over the generation of a replayed record; null if the group was deleted. */
    public void restore(@Nullable Generation generation) {
        if (generation == null) {
            group.forget();
            deadlines.clear();
        } else {
            group.restore(generation);
        }
    }

    /**
     * The group has had members of both protocols, and those that are left use this one. Its rules count from now on;
     * {@link #goOn} follows when the change is durable, {@link #restore} with null if it cannot be stored.
     */
    public void takeOver(Generation generation, DowngradedMembers members) {
        restore(generation);
        group.members.all().forEach(member -> {
            List<Protocol> all = members.protocolsOf(member.id);
            group.members.update(member, all, member.rebalanceTimeoutMs, member.sessionTimeoutMs);
        });
    }

    /**
     * The group is a classic group in the log, too.
     *
     * @param sessions the sessions until now, which go on
     */
    public void goOn(GroupStep step, MemberDeadlines sessions) {
        group.members.all().forEach(member -> {
            rebalance.keepSession(step, member);
            deadlines.continueSession(member.id, sessions);
        });
        rebalanceIfDue(step);
    }

    private void rebalanceIfDue(GroupStep step) {
        if (group.mustRebalance()) {
            rebalance.prepare(step, "the last member of the consumer protocol is gone");
        }
    }

    /** The group takes the consumer protocol: sessions go on there, and members whose requests wait must join again. */
    public void handOver(GroupStep step, MemberDeadlines sessions) {
        group.members.all().forEach(member -> {
            if (member.waits()) {
                rebalance.answered(step, member);
            }
            sessions.continueSession(member.id, deadlines);
            group.members.answerJoin(step, member, JoinResult.failed(Errors.REBALANCE_IN_PROGRESS, member.id));
            group.members.answerSync(step, member, SyncResult.failed(Errors.REBALANCE_IN_PROGRESS));
        });
    }

    public List<PresentMember> members() {
        String protocol = chosenProtocol();
        return group.members.all().stream()
                .map(member -> new PresentMember(member.stored(protocol, member.assignment), member.protocols))
                .toList();
    }

    public int size() {
        return group.members.size();
    }

    public int generation() {
        return group.generation();
    }

    /** The assignor of the generation; before the first one, or if not all members support it, that of most votes. */
    private @Nullable String chosenProtocol() {
        String chosen = group.protocol();
        boolean holds = chosen != null && group.members.supports(chosen);
        return holds || group.members.isEmpty() ? chosen : group.members.selectProtocol();
    }

    public boolean usesConsumerProtocol() {
        return group.usesConsumerProtocol();
    }

    public GroupSettings settings() {
        return settings;
    }

    /** A group without a generation exists while it has committed offsets. */
    public void bringToLife(boolean hasOffsets) {
        if (group.is(GroupState.DEAD) && hasOffsets) {
            group.appear();
        }
    }

    /** The connection of a member has ended on which the reply to its waiting request would go. */
    public void abandoned(GroupStep step, CompletableFuture<?> reply) {
        group.members.all().stream()
                .filter(member -> member.waitsFor(reply))
                .findFirst()
                .ifPresent(member -> rebalance.abandoned(step, member));
    }

    /** The group was deleted from the log: it ends unless a client came in the meantime. */
    public void endIfNobodyCame() {
        if (group.is(GroupState.EMPTY) && group.members.nobodyPending()) {
            group.forget();
        }
    }

    @Override
    public void start(GroupStep step) {
        group.members
                .all()
                .forEach(member ->
                        deadlines.awaitReturn(member.id, member.isStatic(), step.now(), member.sessionTimeoutMs));
        if (group.members.size() > settings.maxSize()) {
            rebalance.prepare(step, "the group has more members than group.max.size");
        } else {
            rebalanceIfDue(step);
        }
    }

    @Override
    public void serve(GroupStep step, GroupCommand.Request<?> request) {
        if (request instanceof Heartbeat heartbeat) {
            step.reply(heartbeat.reply(), heartbeat(step, heartbeat));
        } else if (request instanceof Join join) {
            joins.join(step, join);
        } else if (request instanceof Sync sync) {
            syncs.sync(step, sync);
        } else if (request instanceof Leave leave) {
            departures.leave(step, leave);
        } else if (request instanceof Describe describe) {
            step.reply(describe.reply(), describe(step.now()));
        } else if (request instanceof DescribeConsumerGroup describe) {
            step.reply(
                    describe.reply(), new DescribeConsumerGroupResult(Errors.GROUP_ID_NOT_FOUND, notConsumer(), null));
        } else if (request instanceof ConsumerHeartbeat heartbeat) {
            String reason =
                    exists() || heartbeat.leaves() ? notConsumer() : "Consumer group " + group.groupId + " not found.";
            step.reply(heartbeat.reply(), ConsumerHeartbeatResult.failed(Errors.GROUP_ID_NOT_FOUND, reason));
        } else {
            step.refuse(request, Errors.UNKNOWN_SERVER_ERROR);
        }
    }

    private String notConsumer() {
        return "Group " + group.groupId + (exists() ? " is not a consumer group." : " not found.");
    }

    @Override
    public void tick(GroupStep step) {
        for (Key key : deadlines.due(step.now())) {
            if (deadlines.claim(key, step.now())) {
                switch (key.kind()) {
                    case SESSION -> departures.sessionTimeout(step, key.memberId());
                    case JOIN -> rebalance.joinTimeout(step);
                    case SYNC -> rebalance.syncTimeout(step);
                    case HOLD_UP -> rebalance.report(step);
                    case REBALANCE, TARGET, BACK -> throw new IllegalStateException(key + " in a classic group");
                }
            }
        }
        deadlines.tighten();
    }

    @Override
    public long nextDeadline() {
        return deadlines.earliest();
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

    private DescribeResult describe(Now now) {
        return exists()
                ? new DescribeResult(Errors.NONE, null, Descriptions.of(group, rebalance.holdUps(now)))
                : new DescribeResult(Errors.GROUP_ID_NOT_FOUND, "Group " + group.groupId + " not found.", null);
    }

    @Override
    public long heapBytes() {
        return group.members.heapBytes() + TextHeap.of(group.protocolType());
    }

    @Override
    public boolean exists() {
        return !group.is(GroupState.DEAD);
    }

    @Override
    public boolean isEmpty() {
        return group.is(GroupState.EMPTY);
    }

    @Override
    public boolean isIdle() {
        return group.members.isEmpty() && group.members.nobodyPending();
    }

    public boolean isRebalancing() {
        return group.is(GroupState.PREPARING_REBALANCE);
    }

    @Override
    public List<GroupRecord> tombstones() {
        return List.of(new GroupMetadata(group.groupId, null));
    }

    @Override
    public Optional<GroupListing> listing() {
        @Nullable String type = group.protocolType();
        return exists()
                ? Optional.of(new GroupListing(
                        group.groupId, type == null ? "" : type, group.state().toString(), GroupType.CLASSIC))
                : Optional.empty();
    }

    @Override
    public OffsetRules offsetRules() {
        return offsetRules;
    }
}
