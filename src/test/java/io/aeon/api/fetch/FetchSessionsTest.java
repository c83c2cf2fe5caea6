package io.aeon.api.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aeon.PatientWaits;
import io.aeon.api.ClientConnection;
import io.aeon.storage.file.ManualClock;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FetchSessionIdNotFoundException;
import org.apache.kafka.common.errors.InvalidFetchSessionEpochException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rule that assigns slots is Apache Kafka's (KIP-227). */
@Timeout(120)
class FetchSessionsTest {
    private static final short VERSION = 17;
    private static final int SLOTS = 3;
    private static final int MINUTE = 60_000;

    private final ManualClock clock = new ManualClock(1_000_000);
    private final FetchMemory memory = new FetchMemory(500 * SLOTS * FetchMemory.PARTITION);
    private final FetchSessions sessions = new FetchSessions(SLOTS, memory, clock, Runnable::run);
    private final ClientConnection connection = connection();

    @Test
    void aSessionUnusedForTwoMinutesGivesItsSlotToAnyOther() {
        List<FetchSession> all = taken(5, 5, 5);
        clock.advance(MINUTE);
        use(all.get(0));
        use(all.get(2));
        clock.advance(MINUTE + 1);

        FetchSession small = open(1);

        assertThat(small.isLasting()).isTrue();
        assertThat(isOpen(all.get(1))).isFalse();
        assertThat(isOpen(all.get(0))).isTrue();
    }

    @Test
    void anOldSessionInUseGivesItsSlotToALargerOneOnly() {
        List<FetchSession> all = taken(5, 2, 4);
        clock.advance(2 * MINUTE);
        all.forEach(this::use);
        clock.advance(1);

        assertThat(open(2).isLasting()).isFalse();
        assertThat(open(3).isLasting()).isTrue();

        assertThat(isOpen(all.get(1))).isFalse();
        assertThat(isOpen(all.get(0))).isTrue();
        assertThat(isOpen(all.get(2))).isTrue();
    }

    @Test
    void aFollowerTakesTheSlotOfAConsumerAndKeepsIt() {
        List<FetchSession> all = taken(5, 2, 4);
        FetchRequestData asFollower = full(1);
        asFollower.replicaState().setReplicaId(2);

        FetchSession ofFollower = sessions.of(asFollower, VERSION, connection);

        assertThat(ofFollower.isLasting()).isTrue();
        assertThat(isOpen(all.get(1))).isFalse();
        clock.advance(2 * MINUTE);
        use(all.get(0));
        use(all.get(2));
        use(ofFollower);
        clock.advance(1);
        assertThat(open(5).isLasting()).isTrue();
        assertThat(isOpen(ofFollower)).isTrue();
    }

    @Test
    void aYoungSessionKeepsItsSlot() {
        taken(1, 1, 1);
        clock.advance(2 * MINUTE);

        assertThat(open(100).isLasting()).isFalse();
    }

    @Test
    void theSlotOfAClosedSessionIsFree() {
        List<FetchSession> all = taken(1, 1, 1);
        sessions.of(full(1).setSessionId(all.get(0).id()).setSessionEpoch(-1), VERSION, connection);

        assertThat(open(1).isLasting()).isTrue();
        assertThat(open(1).isLasting()).isFalse();
    }

    @Test
    void theSlotsOfAClosedConnectionAreFree() {
        taken(1, 1, 1);

        connection.ended();

        ClientConnection other = connection();
        for (int i = 0; i < SLOTS; i++) {
            assertThat(sessions.of(full(1), VERSION, other).isLasting()).isTrue();
        }
        assertThat(sessions.of(full(1), VERSION, other).isLasting()).isFalse();
    }

    @Test
    void aSessionCreatedOnAnEndedConnectionTakesNoSlot() {
        connection.ended();
        taken(1, 1, 1);

        assertThat(sessions.of(full(1), VERSION, connection()).isLasting()).isTrue();
    }

    @Test
    void aRefusedRequestChangesNothing() {
        FetchSession session = open(2);
        FetchRequestData wrong = full(4).setSessionId(session.id()).setSessionEpoch(7);

        assertThatThrownBy(() -> sessions.of(wrong, VERSION, connection))
                .isInstanceOf(InvalidFetchSessionEpochException.class);

        assertThat(session.size()).isEqualTo(2);
        assertThat(session.epoch()).isEqualTo(1);
    }

    @Test
    void thePartitionsOfAllSessionsAreBounded() {
        FetchSession first = open(1);
        FetchRequestData growing =
                full(500 * SLOTS + 1).setSessionId(first.id()).setSessionEpoch(1);

        assertThatThrownBy(() -> sessions.of(growing, VERSION, connection))
                .isInstanceOf(FetchSessionIdNotFoundException.class);
        assertThat(open(500 * SLOTS + 1).isLasting()).isFalse();
        FetchSession all = open(500 * SLOTS);
        assertThat(all.isLasting()).isTrue();
        assertThat(open(1).isLasting()).isFalse();

        connection.ended();

        assertThat(memory.take(500 * SLOTS * FetchMemory.PARTITION)).isTrue();
    }

    @Test
    void sessionsUnusedForTwoMinutesGiveTheirMemoryToOthers() {
        List<FetchSession> all = taken(500 * SLOTS - 10, 10);
        assertThat(open(1).isLasting()).isFalse();
        clock.advance(MINUTE);
        use(all.get(1));
        clock.advance(MINUTE + 1);

        assertThat(open(500 * SLOTS + 1).isLasting()).isFalse();
        assertThat(isOpen(all.get(0))).isTrue();
        clock.advance(2 * MINUTE + 1);
        use(all.get(1));
        assertThat(open(500 * SLOTS - 10).isLasting()).isTrue();

        assertThat(isOpen(all.get(0))).isFalse();
        assertThat(isOpen(all.get(1))).isTrue();
    }

    @Test
    void aSessionGrowsIntoTheMemoryOfSessionsUnusedForTwoMinutes() {
        List<FetchSession> all = taken(500 * SLOTS - 10, 10);
        clock.advance(2 * MINUTE + 1);
        FetchRequestData growing = full(20).setSessionId(all.get(1).id()).setSessionEpoch(1);

        assertThat(sessions.of(growing, VERSION, connection).size()).isEqualTo(20);

        assertThat(isOpen(all.get(0))).isFalse();
    }

    @Test
    void aTopicsNameTakesMemoryToo() {
        FetchRequestData byName = full(0);
        byName.setTopics(List.of(new FetchTopic()
                .setTopic("t".repeat(200))
                .setPartitions(IntStream.range(0, 1500)
                        .mapToObj(i -> new FetchPartition().setPartition(i))
                        .toList())));

        assertThat(sessions.of(byName, (short) 12, connection).isLasting()).isFalse();
    }

    @Test
    void ofManyRequestsWithOneEpochOneIsAccepted() throws Exception {
        FetchSession session = open(1);
        Queue<Integer> taken = new ConcurrentLinkedQueue<>();
        CyclicBarrier together = new CyclicBarrier(2);

        atOnce(2, thread -> {
            for (int i = 0; i < 20_000; i++) {
                int epoch = session.epoch();
                together.await();
                try {
                    sessions.of(
                            new FetchRequestData().setSessionId(session.id()).setSessionEpoch(epoch),
                            VERSION,
                            connection);
                    taken.add(epoch);
                } catch (InvalidFetchSessionEpochException e) {
                    // the other thread was first
                }
                together.await();
            }
        });

        assertThat(taken).doesNotHaveDuplicates();
    }

    @Test
    void thereAreNeverMoreSessionsThanSlots() throws Exception {
        long seed = new Random().nextLong();
        List<ClientConnection> connections =
                IntStream.range(0, 4).mapToObj(i -> connection()).toList();
        AtomicIntegerArray open = new AtomicIntegerArray(2);

        atOnce(4, thread -> {
            Random random = new Random(seed + thread);
            for (int i = 0; i < 20_000; i++) {
                int slot = random.nextInt(open.length());
                FetchRequestData closing = full(1 + random.nextInt(3)).setSessionId(open.get(slot));
                open.set(
                        slot,
                        sessions.of(closing, VERSION, connections.get(thread)).id());
            }
        });
        connections.forEach(ClientConnection::ended);

        taken(1, 1, 1);
        assertThat(open(1).isLasting()).describedAs("seed %d", seed).isFalse();
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void atOnce(int threads, Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(threads);
            List<CompletableFuture<Void>> all = IntStream.range(0, threads)
                    .mapToObj(thread -> CompletableFuture.runAsync(
                            () -> {
                                try {
                                    start.countDown();
                                    start.await();
                                    work.run(thread);
                                } catch (Exception e) {
                                    throw new AssertionError(e);
                                }
                            },
                            pool))
                    .toList();
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                    .get(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } finally {
            pool.shutdownNow();
        }
    }

    private List<FetchSession> taken(int... sizes) {
        List<FetchSession> all = new ArrayList<>();
        for (int size : sizes) {
            FetchSession session = open(size);
            assertThat(session.isLasting()).isTrue();
            all.add(session);
        }
        return all;
    }

    private FetchSession open(int partitions) {
        return sessions.of(full(partitions), VERSION, connection);
    }

    private void use(FetchSession session) {
        sessions.of(
                new FetchRequestData().setSessionId(session.id()).setSessionEpoch(session.epoch()),
                VERSION,
                connection);
    }

    private boolean isOpen(FetchSession session) {
        try {
            use(session);
            return true;
        } catch (FetchSessionIdNotFoundException e) {
            return false;
        }
    }

    private static FetchRequestData full(int partitions) {
        return new FetchRequestData()
                .setSessionEpoch(0)
                .setTopics(List.of(new FetchTopic()
                        .setTopicId(Uuid.ONE_UUID)
                        .setPartitions(IntStream.range(0, partitions)
                                .mapToObj(index -> new FetchPartition().setPartition(index))
                                .toList())));
    }

    private static ClientConnection connection() {
        InetSocketAddress anywhere = InetSocketAddress.createUnresolved("localhost", 1);
        return new ClientConnection("client", anywhere, anywhere);
    }
}
