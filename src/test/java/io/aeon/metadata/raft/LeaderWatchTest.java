package io.aeon.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.raft.LeaderAndEpoch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaderWatchTest {
    private static final LeaderAndEpoch FIRST = new LeaderAndEpoch(OptionalInt.of(1), 5);
    private static final LeaderAndEpoch NONE = new LeaderAndEpoch(OptionalInt.empty(), 6);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final ServerSocket port = open();
    private final PlayedQuorum quorum = new PlayedQuorum();
    private final LeaderWatch watch = new LeaderWatch(2, quorum, scheduler, Time.SYSTEM);

    @AfterEach
    void stop() throws IOException {
        watch.close();
        scheduler.shutdownNow();
        port.close();
    }

    @Test
    void theEpochOfALeaderEndsWhenItsPortRefuses() throws IOException {
        port.close();

        watch.disconnected(1);

        awaitEnds(1);
        assertThat(quorum.ended).containsOnly(FIRST);
    }

    @Test
    void itEndsAgainUntilAnElectionHasBegun() throws IOException {
        port.close();
        quorum.electsAfter = 2;

        watch.disconnected(1);

        awaitEnds(2);
        assertThat(quorum.leader).isEqualTo(NONE);
    }

    @Test
    void aLeaderWhosePortAcceptsStaysTheLeader() throws IOException {
        watch.disconnected(1);
        await().atMost(PatientWaits.LIMIT).until(() -> quorum.asked.size() > Suspects.QUICK_TRIES);
        assertThat(quorum.ended).isEmpty();

        port.close();
        awaitEnds(1);
    }

    @Test
    void aNodeThatDoesNotLeadIsNotWatched() throws IOException {
        port.close();

        watch.disconnected(3);
        watch.disconnected(1);

        awaitEnds(1);
        assertThat(quorum.asked).containsOnly(1);
    }

    private void awaitEnds(int count) {
        await().atMost(PatientWaits.LIMIT).until(() -> quorum.ended.size() >= count);
    }

    private static ServerSocket open() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private final class PlayedQuorum implements LeaderWatch.Quorum {
        private final List<LeaderAndEpoch> ended = new CopyOnWriteArrayList<>();
        private final List<Integer> asked = new CopyOnWriteArrayList<>();
        private volatile LeaderAndEpoch leader = FIRST;
        private volatile int electsAfter = 1;

        @Override
        public LeaderAndEpoch leader() {
            return leader;
        }

        @Override
        public Optional<InetSocketAddress> address(int id) {
            asked.add(id);
            return Optional.of(new InetSocketAddress(port.getInetAddress(), port.getLocalPort()));
        }

        @Override
        public int turn(int id) {
            return 0;
        }

        @Override
        public void end(LeaderAndEpoch epoch) {
            if (ended.size() + 1 == electsAfter) {
                leader = NONE;
            }
            ended.add(epoch);
        }
    }
}
