package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.replication.HighWatermark;
import io.aeon.replication.InSyncRules;
import io.aeon.replication.LeaderState;
import io.aeon.storage.log.PartitionLog;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.jspecify.annotations.Nullable;

/**
 * Who leads a partition whose log is open: the role of this broker in the present leader epoch, what the role allows, and
 * what it means for the high watermark. Used only by the partition's actor.
 */
final class Leadership {
    private final PartitionDirectory directory;
    private final PartitionLog log;
    private final HighWatermark highWatermark;
    private final InSyncRules inSyncRules;
    private Role role;
    private @Nullable LeaderState leader;

    /** @param role the initial role; a call of {@link #assume} has to follow */
    Leadership(
            PartitionDirectory directory,
            PartitionLog log,
            HighWatermark highWatermark,
            InSyncRules inSyncRules,
            Role role) {
        this.directory = directory;
        this.log = log;
        this.highWatermark = highWatermark;
        this.inSyncRules = inSyncRules;
        this.role = role;
    }

    boolean isHere() {
        return role instanceof Role.Lead;
    }

    int leaderEpoch() {
        return role.leaderEpoch();
    }

    /**
     * Applies a role. A leader notes its epoch in the log when it begins to lead.
     *
     * @param isWritable whether the log takes records
     * @return whether another broker leads from now on
     */
    boolean assume(Role next, boolean isWritable) {
        boolean newTerm = !isSameTerm(role, next);
        role = next;
        if (isHere() && isWritable && role.leaderEpoch() > log.latestEpoch()) {
            log.replication().beginEpoch(role.leaderEpoch());
        }
        if (next instanceof Role.Lead lead) {
            lead(lead, newTerm);
        } else if (newTerm) {
            leader = null;
            highWatermark.follow();
        }
        return newTerm && !isHere();
    }

    private void lead(Role.Lead lead, boolean newTerm) {
        LeaderState state = leader;
        if (newTerm || state == null) {
            state = new LeaderState(lead.leaderEpoch(), log.logStartOffset(), log.logEndOffset(), inSyncRules);
            leader = state;
        }
        state.update(lead.partitionEpoch(), lead.others(), lead.othersInSync(), lead.minInSync());
        highWatermark.lead(state);
    }

    private static boolean isSameTerm(Role before, Role after) {
        return before.leaderEpoch() == after.leaderEpoch() && before.getClass() == after.getClass();
    }

    /**
     * Checks that a write may begin. Once the records are appended, nobody needs to check again: the high watermark
     * reaches them only while enough replicas are in sync.
     *
     * @throws NotEnoughReplicasException {@code acks} asks for more replicas than are in sync
     */
    void checkInSync(Acks acks) {
        if (acks == Acks.ALL && leader != null && !leader.hasMinInSync()) {
            throw new NotEnoughReplicasException(
                    "fewer replicas of " + directory + " are in sync than min.insync.replicas requires");
        }
    }

    /** @throws FencedLeaderEpochException {@code leaderEpoch} is not the epoch of the followed leader */
    void checkLeader(int leaderEpoch) {
        if (leaderEpoch != role.leaderEpoch()) {
            throw new FencedLeaderEpochException(
                    "leader epoch " + leaderEpoch + " does not match epoch " + role.leaderEpoch() + " of " + directory);
        }
    }

    /** The high watermark that the partition has as soon as this disk has synced all records. */
    long durableHighWatermark() {
        boolean isAlone = role instanceof Role.Lead lead && lead.others().isEmpty();
        return isAlone ? log.logEndOffset() : highWatermark.value();
    }
}
