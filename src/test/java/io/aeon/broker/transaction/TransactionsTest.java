package io.aeon.broker.transaction;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.ActorRef;
import io.aeon.broker.ActorKits;
import io.aeon.broker.FakeMetadata;
import io.aeon.broker.coordinator.CoordinatorRuntime;
import io.aeon.broker.coordinator.CoordinatorsCommand;
import io.aeon.broker.coordinator.InMemoryOffsetsTopic;
import io.aeon.broker.coordinator.KafkaBatches;
import io.aeon.broker.coordinator.SnapshotFiles;
import io.aeon.broker.group.GroupCoordinators;
import io.aeon.broker.mailbox.DeadLetters;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.supervision.Supervision;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.transaction.DescribeResult;
import io.aeon.coordinator.transaction.EndResult;
import io.aeon.coordinator.transaction.InitResult;
import io.aeon.coordinator.transaction.TransactionCommand;
import io.aeon.coordinator.transaction.TransactionCommand.AddPartitions;
import io.aeon.coordinator.transaction.TransactionCommand.Describe;
import io.aeon.coordinator.transaction.TransactionCommand.EndTransaction;
import io.aeon.coordinator.transaction.TransactionCommand.InitProducer;
import io.aeon.coordinator.transaction.TransactionCommand.Request;
import io.aeon.coordinator.transaction.TransactionEffects;
import io.aeon.coordinator.transaction.TransactionListing;
import io.aeon.coordinator.transaction.TransactionRecordFormat;
import io.aeon.coordinator.transaction.TransactionSettings;
import io.aeon.coordinator.transaction.TransactionState;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.AppendResult;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionsTest {
    @TempDir
    Path directory;

    private static final TopicPartition OUT = new TopicPartition("out", 0);

    private final ActorTestKit kit = ActorKits.withManualTime();
    private final ManualTime time = ManualTime.get(kit.system());
    private final InMemoryOffsetsTopic log = new InMemoryOffsetsTopic();
    private final FakeMetadata cluster = new FakeMetadata();
    private final AtomicReference<Now> clock = new AtomicReference<>(new Now(1_700_000_000_000L, 0));
    private final AtomicBoolean broken = new AtomicBoolean();
    private final AtomicLong producerIds = new AtomicLong(99);
    private final List<TopicPartition> ended = Collections.synchronizedList(new ArrayList<>());
    private volatile Supplier<RuntimeException> noLeader = () -> null;
    private ActorRef<CoordinatorsCommand<TransactionCommand, TransactionEffects, TransactionListing>> transactions;
    private TransactionCoordinators coordinators;

    @BeforeEach
    void start() {
        DeadLetters.answer(kit.system());
        cluster.add("out", 1);
        cluster.add(TransactionRecordFormat.TOPIC, 4);
        restart();
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    /** The transaction topic in memory; markers reach the other partitions unless the test removes their leader. */
    private void tell(TopicPartition partition, PartitionCommand command) {
        if (!(command instanceof AppendMarker marker)) {
            log.tell(partition, command);
            return;
        }
        RuntimeException failure = noLeader.get();
        if (failure != null) {
            marker.fail(failure);
        } else {
            ended.add(partition);
            marker.reply().complete(new AppendResult(0, 0, 0));
        }
    }

    private void restart() {
        if (transactions != null) {
            kit.stop(transactions);
        }
        KafkaBatches batches = new KafkaBatches(() -> {
            if (broken.getAndSet(false)) {
                throw new IllegalStateException("broken by the test");
            }
        });
        TransactionsSetup setup = new TransactionsSetup(
                this::tell,
                batches,
                new TransactionSettings(60_000, 3_600_000, 1000),
                Duration.ofSeconds(10),
                Duration.ofHours(1),
                SnapshotFiles.of(
                        partition -> directory.resolve(partition.toString()),
                        LogFiles.disk(),
                        Clock.systemUTC(),
                        topic -> Long.MAX_VALUE),
                Runnable::run,
                clock::get,
                () -> CompletableFuture.completedFuture(producerIds.incrementAndGet()));
        AtomicReference<ActorRef<CoordinatorsCommand<TransactionCommand, TransactionEffects, TransactionListing>>>
                self = new AtomicReference<>();
        coordinators = new TransactionCoordinators(command -> self.get().tell(command), task -> () -> {});
        TransactionalAppends appends = new TransactionalAppends(
                this::tell,
                (writer, partition) -> {
                    throw new AssertionError("nothing is written");
                },
                partition -> 0);
        LocalMarkers here = new LocalMarkers(
                this::tell,
                new GroupCoordinators(this::tell, command -> {}, task -> () -> {}),
                appends,
                batches,
                clock::get);
        LeaderMarkers markers =
                new LeaderMarkers(cluster.metadata(), here, new OtherBrokers(cluster.metadata(), broker -> {
                    throw new AssertionError("there is no other broker");
                }));
        transactions = kit.spawn(Supervision.parent(
                CoordinatorRuntime.create(
                        new TransactionKind(setup, appends, markers), cluster.metadata(), clock::get, coordinators),
                CoordinatorsCommand.class,
                "transactions"));
        self.set(transactions);
    }

    private void pass(Duration duration) {
        Now now = clock.get();
        clock.set(new Now(now.epochMs() + duration.toMillis(), now.elapsedMs() + duration.toMillis()));
        time.timePasses(duration);
    }

    /** What time brings about may start its timer only after an earlier reply has come. */
    private void passUntil(TransactionState wanted) {
        await().until(() -> {
            pass(Duration.ofSeconds(10));
            return state() == wanted;
        });
    }

    private <T> CompletableFuture<T> ask(Function<CompletableFuture<T>, Request<T>> request) {
        return coordinators.ask("id", request);
    }

    private InitResult init() {
        return done(ask(reply -> new InitProducer(30_000, null, reply)));
    }

    private Errors add(InitResult who) {
        return done(
                ask(reply -> new AddPartitions(who.producerId(), who.producerEpoch(), Set.of(OUT), (short) 2, reply)));
    }

    private EndResult commit(InitResult who) {
        return done(ask(reply -> new EndTransaction(who.producerId(), who.producerEpoch(), true, (short) 2, reply)));
    }

    private TransactionState state() {
        DescribeResult told = done(ask(Describe::new));
        return told.error() == Errors.NONE ? told.transaction().state() : TransactionState.DEAD;
    }

    @Test
    void transactionIsCompleteWhenItsMarkerIs() {
        InitResult who = init();
        add(who);

        assertThat(commit(who).error()).isEqualTo(Errors.NONE);

        await().until(() -> state() == TransactionState.COMPLETE_COMMIT);
        assertThat(ended).containsExactly(OUT);
    }

    @Test
    void aFaultOfTheParentEndsWhenTheLogIsLoadedAgain() {
        InitResult who = init();
        add(who);
        cluster.breakImage(1);
        transactions.tell(
                new CoordinatorsCommand.ImageChanged<>(cluster.change().change()));

        await().until(() -> commit(who).error() == Errors.NONE);
        await().until(() -> state() == TransactionState.COMPLETE_COMMIT);
        assertThat(ended).containsExactly(OUT);
    }

    @Test
    void idsAndEpochsAreRestoredAfterARestart() {
        InitResult first = init();
        restart();

        InitResult second = init();

        assertThat(second.producerId()).isEqualTo(first.producerId());
        assertThat(second.producerEpoch()).isEqualTo((short) 1);
        assertThat(add(first)).isEqualTo(Errors.PRODUCER_FENCED);
    }

    /**
     * Apache Kafka 4.4.0 loses transactions in this case: its coordinator treats a partition without a leader as
     * deleted, drops its marker and completes the transaction.
     */
    @Test
    void partitionWithoutALeaderGetsItsMarkerLaterAlsoAfterARestart() {
        noLeader = () -> new NotLeaderOrFollowerException("not yet");
        InitResult who = init();
        add(who);
        commit(who);
        pass(Duration.ofMinutes(1));
        assertThat(state()).isEqualTo(TransactionState.PREPARE_COMMIT);

        restart();
        pass(Duration.ofMinutes(1));
        assertThat(state()).isEqualTo(TransactionState.PREPARE_COMMIT);
        assertThat(ended).isEmpty();

        noLeader = () -> null;
        passUntil(TransactionState.COMPLETE_COMMIT);
        assertThat(ended).containsExactly(OUT);
    }

    @Test
    void deletedTopicNeedsNoMarker() {
        noLeader = () -> new NotLeaderOrFollowerException("being deleted");
        InitResult who = init();
        add(who);
        commit(who);

        cluster.remove("out");

        passUntil(TransactionState.COMPLETE_COMMIT);
        assertThat(ended).isEmpty();
    }

    @Test
    void openTransactionTimesOutWithoutItsProducer() {
        add(init());
        restart();
        pass(Duration.ofSeconds(31));

        passUntil(TransactionState.COMPLETE_ABORT);
        assertThat(ended).containsExactly(OUT);
    }

    @Test
    void coordinatorThatFailsIsReplayed() {
        InitResult who = init();
        broken.set(true);
        assertThat(add(who)).isEqualTo(Errors.NOT_COORDINATOR);

        await().until(() -> add(who) == Errors.NONE);
        assertThat(state()).isEqualTo(TransactionState.ONGOING);
    }

    @Test
    void failedAppendIsReportedAndChangesNothing() {
        InitResult who = init();
        log.fail(new StorageException("no disk"));
        assertThat(add(who)).isEqualTo(Errors.NOT_COORDINATOR);
        log.work();

        assertThat(state()).isEqualTo(TransactionState.EMPTY);
        assertThat(add(who)).isEqualTo(Errors.NONE);
    }

    @Test
    void listContainsTheEffectOfAnAnsweredRequest() {
        AtomicReference<CompletableFuture<List<TransactionListing>>> listedAtOnce = new AtomicReference<>();

        ask((CompletableFuture<InitResult> reply) -> {
            listedAtOnce.set(reply.thenApply(done -> done(coordinators.list())));
            return new InitProducer(30_000, null, reply);
        });

        assertThat(done(listedAtOnce.get())).hasSize(1);
    }

    @Test
    void unusedIdLosesItsActorAndExpires() {
        init();
        assertThat(state()).isEqualTo(TransactionState.EMPTY);
        await().until(() -> {
            pass(Duration.ofMinutes(1));
            return coordinators.running() == 0;
        });
        assertThat(done(coordinators.list())).hasSize(1);

        pass(Duration.ofHours(2));

        await().until(() -> done(coordinators.list()).isEmpty());
        assertThat(state()).isEqualTo(TransactionState.DEAD);
    }

    @Test
    void readRequestStartsNoActor() {
        assertThat(state()).isEqualTo(TransactionState.DEAD);
        assertThat(add(new InitResult(Errors.NONE, 7, (short) 0))).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(coordinators.running()).isZero();
    }

    @Test
    void withoutItsTopicThereIsNoCoordinator() {
        cluster.remove(TransactionRecordFormat.TOPIC);
        transactions.tell(
                new CoordinatorsCommand.ImageChanged<>(cluster.change().change()));

        assertThat(init().error()).isEqualTo(Errors.NOT_COORDINATOR);
    }
}
