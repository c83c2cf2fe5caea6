package io.aeon.coordinator.group.classic;

import io.aeon.coordinator.group.command.GroupCommand.Sync;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.step.GroupStep;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Receives the assignments from the leader and passes them to the members. */
final class Syncs {
    private final CurrentGeneration group;
    private final Members members;
    private final Rebalance rebalance;

    Syncs(CurrentGeneration group, Rebalance rebalance) {
        this.group = group;
        this.members = group.members;
        this.rebalance = rebalance;
    }

    void sync(GroupStep step, Sync sync) {
        Errors error = validate(sync);
        Member member = members.get(sync.memberId());
        if (error != Errors.NONE || member == null) {
            step.reply(sync.reply(), SyncResult.failed(error));
            return;
        }
        rebalance.synced(member.id);
        if (group.is(GroupState.STABLE)) {
            rebalance.keepSession(step, member);
            step.reply(sync.reply(), group.synced(member));
            return;
        }
        members.awaitSync(step, member, sync.reply());
        if (members.isLeader(member.id)) {
            store(step, sync);
        }
    }

    private Errors validate(Sync sync) {
        if (group.is(GroupState.DEAD) || group.is(GroupState.EMPTY)) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        Errors error = members.validate(sync.memberId(), sync.instanceId());
        if (error != Errors.NONE) {
            return error;
        }
        if (sync.generation() != group.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        if (differ(sync.protocolType(), group.protocolType()) || differ(sync.protocolName(), group.protocol())) {
            return Errors.INCONSISTENT_GROUP_PROTOCOL;
        }
        return group.is(GroupState.PREPARING_REBALANCE) ? Errors.REBALANCE_IN_PROGRESS : Errors.NONE;
    }

    private static boolean differ(@Nullable String theirs, @Nullable String ours) {
        return theirs != null && ours != null && !theirs.equals(ours);
    }

    private void store(GroupStep step, Sync sync) {
        int generation = group.generation();
        step.append(List.of(group.record(sync.assignments())), (later, error, offset) -> {
            if (!group.is(GroupState.COMPLETING_REBALANCE) || group.generation() != generation) {
                return;
            }
            if (error == Errors.NONE) {
                rebalance.stabilize(later, sync.assignments());
            } else {
                rebalance.refuseSyncs(later, error);
                rebalance.prepare(later, "the assignment could not be stored: " + error);
            }
        });
    }
}
