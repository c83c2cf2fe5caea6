package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.FollowerRead;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.replication.HighWatermark;
import io.aeon.replication.LeaderState;
import io.aeon.replication.Resends;
import io.aeon.storage.log.PartitionLog;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;

/**
 * Who leads a partition whose log is open: the role of this broker in the present leader epoch, what the role allows,
 * and what it means for the high watermark. Used only by the partition's actor.
 */
final class Leadership {
    private final PartitionDirectory directory;
    private final PartitionLog log;
    private final HighWatermark highWatermark;
    private final LeaderTerm term;
    private Role role;

    /** @param role the initial role; a call of {@link #assume} has to follow */
    Leadership(
            PartitionDirectory directory, PartitionLog log, HighWatermark highWatermark, LeaderTerm term, Role role) {
        this.directory = directory;
        this.log = log;
        this.highWatermark = highWatermark;
        this.term = term;
        this.role = role;
    }

    boolean isHere() {
        return role instanceof Role.Lead;
    }

    Role role() {
        return role;
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
        role.tell(term.resends(), log.latestEpoch());
        if (isHere() && isWritable && role.leaderEpoch() > log.latestEpoch()) {
            log.replication().beginEpoch(role.leaderEpoch());
        }
        if (next instanceof Role.Lead lead) {
            lead(lead);
        } else {
            term.end();
            if (newTerm) {
                highWatermark.follow();
            }
        }
        return newTerm && !isHere();
    }

    private void lead(Role.Lead lead) {
        int epoch = lead.leaderEpoch();
        LeaderState state = term.in(
                epoch, () -> term.begin(epoch, log.logStartOffset(), log.logEndOffset(), highWatermark.value()));
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
        LeaderState leader = term.state();
        if (acks == Acks.ALL && leader != null && !leader.hasMinInSync()) {
            throw new NotEnoughReplicasException(
                    "fewer replicas of " + directory + " are in sync than min.insync.replicas requires");
        }
    }

    /** The batches that producers are about to send again. */
    Resends resends() {
        return term.resends();
    }

    /** @throws FencedLeaderEpochException {@code leaderEpoch} is not the epoch of the followed leader */
    void checkLeader(int leaderEpoch) {
        if (leaderEpoch != role.leaderEpoch()) {
            throw new FencedLeaderEpochException(
                    "leader epoch " + leaderEpoch + " does not match epoch " + role.leaderEpoch() + " of " + directory);
        }
    }

    /**
     * Checks that a broker may read as a follower.
     *
     * @param leaderEpoch the leader epoch that the broker knows, which is the present one; -1 for none
     * @throws UnknownLeaderEpochException the broker has no replica: this broker does not know its assignment yet
     * @throws NotLeaderOrFollowerException the same for a broker that names no leader epoch
     */
    void requireReplica(int broker, int leaderEpoch) {
        LeaderState leader = term.state();
        if (leader != null && leader.hasReplica(broker)) {
            return;
        }
        String why = "broker " + broker + " has no replica of " + directory + " in leader epoch " + role.leaderEpoch();
        throw leaderEpoch < 0 ? new NotLeaderOrFollowerException(why) : new UnknownLeaderEpochException(why);
    }

    /** A follower has all records below its fetch offset, so that the high watermark may advance. */
    void fetched(FollowerRead follower) {
        LeaderState leader = term.state();
        if (leader == null) {
            return;
        }
        int broker = follower.follower().broker();
        long offset = follower.read().offset();
        leader.fetched(broker, follower.follower().epoch(), offset, follower.logStartOffset(), log.logEndOffset());
        if (!leader.isr().has(broker) || offset < highWatermark.value()) {
            propose();
        }
    }

    /**
     * Of these followers, the one from which a consumer reads best; empty if none of them is in sync and has the
     * offset.
     */
    Optional<Integer> mostCaughtUp(Set<Integer> followers, long offset) {
        LeaderState leader = term.state();
        return leader == null ? Optional.empty() : leader.mostCaughtUp(followers, offset);
    }

    /** Asks the controller for another ISR if the followers make one necessary. */
    void propose() {
        term.propose(log.logEndOffset(), highWatermark.value());
    }

    /** The offset below which all in-sync replicas have deleted their records. */
    long deletedEnd() {
        LeaderState leader = term.state();
        return leader == null ? log.logStartOffset() : leader.deletedEnd(log.logStartOffset());
    }

    /** Whether nothing of this leadership is lost if it is told to the partition again by its role. */
    boolean isSettled() {
        return !(role instanceof Role.Lead lead) || term.isSettledIn(lead.partitionEpoch());
    }

    /** The log has grown from {@code endBefore}. */
    void appended(long endBefore) {
        LeaderState leader = term.state();
        if (leader != null) {
            leader.appended(endBefore);
        }
    }

    /** The high watermark that the partition has as soon as this disk has synced all records. */
    long durableHighWatermark() {
        boolean isAlone = role instanceof Role.Lead lead && lead.others().isEmpty();
        return isAlone ? log.logEndOffset() : highWatermark.value();
    }
}
