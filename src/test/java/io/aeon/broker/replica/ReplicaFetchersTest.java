package io.aeon.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.ActorRef;
import io.aeon.broker.ActorKits;
import io.aeon.broker.FakeMetadata;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.FindPosition;
import io.aeon.broker.replica.ReplicaFetchers.RolesChanged;
import io.aeon.broker.replica.ReplicaThrottle.Side;
import io.aeon.config.KafkaSettings;
import io.aeon.replication.FetchRequest;
import io.aeon.replication.FetcherCommand.Answered;
import io.aeon.replication.LogPosition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicaFetchersTest {
    private static final int TWO = 2;
    private static final int THREE = 3;
    private static final Duration BACKOFF = Duration.ofMillis(10);

    private final ActorTestKit kit = ActorKits.create();
    private final FakeMetadata metadata = new FakeMetadata();
    private final Map<Integer, PlayedConnection> connections = new ConcurrentHashMap<>();
    private final Set<TopicPartition> unready = ConcurrentHashMap.newKeySet();
    private Uuid topic;

    @BeforeEach
    void followTwo() {
        topic = metadata.add("orders", 2);
        metadata.lead("orders", TWO, 1);
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void thePartitionsOfALeaderAreFetchedByOneConnectionUntilItLeadsNoneOfThem() {
        ActorRef<ReplicaFetchers.Command> fetchers = start();
        await().until(() -> asked(TWO).equals(both()));

        metadata.lead("orders", THREE, 2);
        fetchers.tell(new RolesChanged(metadata.change().change()));

        await().until(() -> connections.get(TWO).closed && asked(THREE).equals(both()));
        metadata.lead("orders", FakeMetadata.SELF, 3);
        fetchers.tell(new RolesChanged(metadata.change().change()));
        await().until(() -> connections.get(THREE).closed);
    }

    @Test
    void nothingIsFetchedBeforeTheBrokerIsRegistered() {
        metadata.registerSelf(-1);
        ActorRef<ReplicaFetchers.Command> fetchers = start();
        follow(fetchers, THREE, 2);

        metadata.registerSelf(5);
        fetchers.tell(new RolesChanged(metadata.change().change()));

        await().until(() -> connections.containsKey(THREE) && asked(THREE).equals(both()));
        assertThat(connections).doesNotContainKey(TWO);
    }

    @Test
    void theTopicThatIsDeletedIsNotFetched() {
        ActorRef<ReplicaFetchers.Command> fetchers = start();
        await().until(() -> asked(TWO).equals(both()));

        metadata.remove("orders");
        fetchers.tell(new RolesChanged(metadata.change().change()));

        await().until(() -> connections.get(TWO).closed);
    }

    @Test
    void aPartitionThatIsNotReadyIsAskedAgain() {
        unready.add(new TopicPartition("orders", 1));
        start();
        await().until(() -> asked(TWO).equals(Set.of(new PartitionId(topic, 0))));

        unready.clear();

        await().until(() -> asked(TWO).equals(both()));
    }

    @Test
    void aFetcherThatFailsStartsAgainWithAllItsPartitions() {
        start();
        await().until(() -> asked(TWO).equals(both()));
        PlayedConnection first = connections.get(TWO);

        first.breaks = true;

        await().until(() -> connections.get(TWO) != first && asked(TWO).equals(both()));
        assertThat(first.closed).isTrue();
    }

    @Test
    void aFetcherThatFailedAndWasReplacedMeanwhileIsNotStartedAgain() {
        ActorTestKit slow = ActorKits.withManualTime();
        try {
            ActorRef<ReplicaFetchers.Command> fetchers = start(slow);
            await().until(() -> asked(TWO).equals(both()));
            PlayedConnection first = connections.get(TWO);
            LoggingTestKit.error("has failed and starts again soon").expect(slow.system(), () -> first.breaks = true);
            follow(fetchers, THREE, 2);
            follow(fetchers, TWO, 3);
            await().until(() -> connections.get(TWO) != first && asked(TWO).equals(both()));
            PlayedConnection second = connections.get(TWO);

            ManualTime.get(slow.system()).timePasses(BACKOFF);
            follow(fetchers, THREE, 4);

            await().untilAsserted(() -> assertThat(second.closed).isTrue());
        } finally {
            slow.shutdownTestKit();
        }
    }

    private void follow(ActorRef<ReplicaFetchers.Command> fetchers, int leader, int epoch) {
        metadata.lead("orders", leader, epoch);
        fetchers.tell(new RolesChanged(metadata.change().change()));
    }

    private ActorRef<ReplicaFetchers.Command> start() {
        return start(kit);
    }

    private ActorRef<ReplicaFetchers.Command> start(ActorTestKit in) {
        FetcherSetup setup = new FetcherSetup(
                this::tell,
                broker -> connections.compute(broker, (id, former) -> new PlayedConnection()),
                BACKOFF,
                Duration.ofMillis(10),
                new ReplicaThrottle(Side.FOLLOWER, metadata.metadata(), new KafkaSettings(Map.of()), () -> 0),
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        return in.spawn(ReplicaFetchers.create(setup, metadata.metadata()));
    }

    private void tell(TopicPartition partition, PartitionCommand command) {
        if (unready.contains(partition)) {
            command.fail(new IllegalStateException("not ready"));
        } else if (command instanceof FindPosition find) {
            find.reply().complete(new LogPosition(0, 0, -1));
        }
    }

    private Set<PartitionId> both() {
        return Set.of(new PartitionId(topic, 0), new PartitionId(topic, 1));
    }

    /** All partitions that the leader was asked for. */
    private Set<PartitionId> asked(int leader) {
        PlayedConnection connection = connections.get(leader);
        return connection == null ? Set.of() : Set.copyOf(connection.asked);
    }

    /** Answers that there is nothing new. */
    private static final class PlayedConnection implements LeaderConnection {
        private final Set<PartitionId> asked = ConcurrentHashMap.newKeySet();
        private volatile boolean closed;
        private volatile boolean breaks;

        @Override
        public CompletableFuture<Answered<PartitionId, ByteBuffer>> fetch(FetchRequest<PartitionId> request) {
            if (breaks) {
                throw new IllegalStateException("broken by the test");
            }
            request.wanted().forEach(each -> asked.add(each.partition()));
            Answered<PartitionId, ByteBuffer> nothing = new Answered<>(request.id(), 0, Errors.NONE, List.of());
            return CompletableFuture.supplyAsync(
                    () -> nothing, CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS));
        }

        @Override
        public CompletableFuture<Range> findRange(TopicPartition partition, int leaderEpoch) {
            return CompletableFuture.failedFuture(new AssertionError("not asked for"));
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
