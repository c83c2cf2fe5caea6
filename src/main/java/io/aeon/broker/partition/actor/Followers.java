package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.PartitionCommand.FollowerRead;
import io.aeon.broker.partition.PartitionCommand.NearbyRead;
import io.aeon.broker.partition.PartitionEvent.CheckInSync;
import io.aeon.broker.partition.PartitionEvent.IsrAnswered;

/** Serves the followers of an open partition that this broker leads. Used only by the partition's actor. */
final class Followers {
    private final PartitionReader reader;
    private final Leadership leadership;
    private final LeaderTerm term;
    private final Runnable onProgress;

    /** @param onProgress applies that the high watermark may advance */
    Followers(PartitionReader reader, Leadership leadership, LeaderTerm term, Runnable onProgress) {
        this.reader = reader;
        this.leadership = leadership;
        this.term = term;
        this.onProgress = onProgress;
    }

    /**
     * Notes how far the follower is, then reads: so the answer has the high watermark that the follower has made
     * possible.
     */
    void read(FollowerRead command) {
        int leaderEpoch = command.read().currentLeaderEpoch();
        reader.requireLeader(leaderEpoch);
        leadership.requireReplica(command.follower().broker(), leaderEpoch);
        if (reader.isCopiedTo(command.read())) {
            leadership.fetched(command);
            onProgress.run();
        }
        reader.read(command.read());
    }

    /** Sends a consumer to a follower, or reads for it. */
    void readNearby(NearbyRead command) {
        leadership
                .mostCaughtUp(command.followers(), command.read().offset())
                .ifPresentOrElse(
                        follower -> reader.redirect(command.read(), follower), () -> reader.read(command.read()));
    }

    /** Asks for another ISR if one is due, and again for one that the controller has not settled. */
    void check(CheckInSync check) {
        term.repeat();
        leadership.propose();
        onProgress.run();
    }

    /** The controller has answered to a change of the ISR. */
    void answered(IsrAnswered answer) {
        term.answered(answer);
        onProgress.run();
    }
}
