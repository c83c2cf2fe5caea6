package io.aeon.metadata.raft;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.raft.LeaderAndEpoch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins an election as soon as the process of the quorum's leader is gone, instead of after the fetch timeout: it
 * tells this voter the end of the leader's epoch, as a leader does that stops (EndQuorumEpoch, KIP-595). The election
 * is the raft client's own. If the leader lives after all, the voters that reach it refuse the pre-vote (KIP-996), and
 * it stays the leader. Thread-safe.
 */
final class LeaderWatch implements WatchedChannel.Observer, AutoCloseable {
    private static final Logger logger = LoggerFactory.getLogger(LeaderWatch.class);
    /**
     * Milliseconds from the turn of one voter to that of the next. A voter that has fetched from the leader refuses its
     * pre-vote until it has asked for votes itself; two that ask at the same time vote for themselves, and both lose.
     */
    private static final long TURN_MS = 100;
    /** Milliseconds after which a voter asks again while nobody is elected. */
    private static final long AGAIN_MS = 500;

    private final Quorum quorum;
    private final ScheduledExecutorService scheduler;
    private final PortWatch<LeaderAndEpoch> ports;
    /** The leader that is gone; null while the latest one is not known to be. */
    private volatile @Nullable LeaderAndEpoch gone;

    /** The quorum as this voter sees it. */
    interface Quorum {
        LeaderAndEpoch leader();

        /** Where the leader's controller listens; empty if it is not known. */
        Optional<InetSocketAddress> address(int leader);

        /** Number of voters that ask for votes before this one if the leader is gone. */
        int turn(int leader);

        /** Tells this voter that the leader's epoch has ended. */
        void end(LeaderAndEpoch epoch);
    }

    LeaderWatch(int nodeId, Quorum quorum, ScheduledExecutorService scheduler, Time time) {
        this.quorum = quorum;
        this.scheduler = scheduler;
        this.ports = new PortWatch<>("aeon-" + nodeId + "-leader-port", this::address, this::gone, time);
    }

    @Override
    public void answered(int node) {
        LeaderAndEpoch leader = quorum.leader();
        if (leader.isLeader(node)) {
            ports.acquit(leader);
            gone = null;
        }
    }

    @Override
    public void disconnected(int node) {
        LeaderAndEpoch leader = quorum.leader();
        if (leader.isLeader(node) && !leader.equals(gone)) {
            ports.suspect(leader);
        }
    }

    private Optional<InetSocketAddress> address(LeaderAndEpoch leader) {
        return leader.equals(quorum.leader()) ? quorum.address(leader.leaderId().orElseThrow()) : Optional.empty();
    }

    private void gone(LeaderAndEpoch leader) {
        int id = leader.leaderId().orElseThrow();
        logger.info("Controller {}, the leader of the quorum, is gone: its port refuses connections", id);
        gone = leader;
        after(quorum.turn(id) * TURN_MS, () -> elect(leader));
    }

    private void elect(LeaderAndEpoch leader) {
        if (leader.equals(gone) && leader.equals(quorum.leader())) {
            quorum.end(leader);
            after(AGAIN_MS, () -> elect(leader));
        }
    }

    private void after(long delayMs, Runnable task) {
        try {
            var unused = scheduler.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            logger.debug("The node stops", e);
        }
    }

    @Override
    public void close() {
        ports.close();
    }
}
