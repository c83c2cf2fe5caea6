package io.aeon.broker.coordinator;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.ActorRef;
import io.aeon.PatientWaits;
import io.aeon.broker.ActorKits;
import io.aeon.broker.FakeMetadata;
import io.aeon.broker.coordinator.CounterKind.Command;
import io.aeon.broker.coordinator.CounterKind.Fault;
import io.aeon.broker.coordinator.CounterKind.Raise;
import io.aeon.broker.coordinator.CounterKind.Stored;
import io.aeon.broker.coordinator.CounterKind.Wait;
import io.aeon.broker.mailbox.DeadLetters;
import io.aeon.coordinator.Now;
import io.aeon.storage.file.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The behaviour that all kinds of coordinators share, shown with a minimal kind. */
class CoordinatorRuntimeTest {
    private static final int OTHER = 2;

    private final ActorTestKit kit = ActorKits.withManualTime();
    private final ManualTime time = ManualTime.get(kit.system());
    private final FakeMetadata cluster = new FakeMetadata();
    private final AtomicReference<Now> clock = new AtomicReference<>(new Now(1_700_000_000_000L, 0));
    private final CounterKind kind = new CounterKind();
    private ActorRef<CoordinatorsCommand<Command, Stored, String>> runtime;
    private Counters counters;

    private static final class Counters extends Coordinators<Command, Stored, String> {
        Counters(Consumer<CoordinatorsCommand<Command, Stored, String>> runtime, AnswerTimeout timeout) {
            super(runtime, timeout);
        }
    }

    @BeforeEach
    void start() {
        DeadLetters.answer(kit.system());
        cluster.add(CounterKind.TOPIC, 1);
        run();
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private void run() {
        if (runtime != null) {
            kit.stop(runtime);
        }
        AtomicReference<ActorRef<CoordinatorsCommand<Command, Stored, String>>> self = new AtomicReference<>();
        counters = new Counters(command -> self.get().tell(command), this::afterFiveSeconds);
        runtime = kit.spawn(CoordinatorRuntime.create(kind, cluster.metadata(), clock::get, counters));
        self.set(runtime);
    }

    private Runnable afterFiveSeconds(Runnable task) {
        return kit.scheduler()
                .scheduleOnce(Duration.ofSeconds(5), task, kit.system().executionContext())::cancel;
    }

    private void pass(Duration duration) {
        Now now = clock.get();
        clock.set(new Now(now.epochMs() + duration.toMillis(), now.elapsedMs() + duration.toMillis()));
        time.timePasses(duration);
    }

    private CompletableFuture<Errors> raising(String id) {
        CompletableFuture<Errors> reply = new CompletableFuture<>();
        counters.tell(id, new Raise(reply));
        return reply;
    }

    private Errors raise(String id) {
        return done(raising(id));
    }

    private CompletableFuture<Errors> waiting(String id) {
        CompletableFuture<Errors> reply = new CompletableFuture<>();
        counters.tell(id, new Wait(reply));
        return reply;
    }

    private List<String> list() {
        return done(counters.list()).stream().sorted().toList();
    }

    /** None of them has an actor. A reply may come before the coordinator has started its timer. */
    private void allRest() {
        await().until(() -> {
            pass(Duration.ofMinutes(1));
            return counters.running() == 0;
        });
    }

    private void isLedBy(int broker, int epoch) {
        cluster.lead(CounterKind.TOPIC, broker, epoch);
        runtime.tell(new CoordinatorsCommand.ImageChanged<>(cluster.change().change()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"STEP", "START"})
    void faultInOneThatRestsHarmsThatOneOnly(Fault fault) {
        raise("bad");
        raise("good");
        allRest();
        kind.faults.put("bad", fault);

        assertThat(raise("bad")).isEqualTo(Errors.NOT_COORDINATOR);

        assertThat(raise("good")).isEqualTo(Errors.NONE);
        kind.faults.clear();
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return raise("bad") == Errors.NONE;
        });
        assertThat(list()).containsExactly("bad=2", "good=2");
    }

    @Test
    void aRequestWithoutAnAnswerIsRefusedAfterALimit() {
        raise("a");
        CompletableFuture<Errors> waits = waiting("a");
        assertThat(raise("a")).isEqualTo(Errors.NONE);
        pass(Duration.ofMillis(4900));
        assertThat(waits).isNotDone();

        pass(Duration.ofMillis(100));

        assertThat(done(waits)).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(raise("a")).isEqualTo(Errors.NONE);
    }

    @Test
    void aRequestThatWasRefusedDuringALoadIsNotCarriedOutAfterIt() {
        kind.holds = true;
        run();
        await().until(() -> !kind.held.isEmpty());
        CompletableFuture<Errors> early = raising("a");
        await().until(() -> {
            pass(Duration.ofSeconds(5));
            return early.isDone();
        });
        assertThat(early).isCompletedWithValue(Errors.COORDINATOR_NOT_AVAILABLE);

        kind.held.forEach(Runnable::run);

        assertThat(raise("b")).isEqualTo(Errors.NONE);
        assertThat(raise("a")).isEqualTo(Errors.NONE);
        assertThat(list()).containsExactly("a=1", "b=1");
    }

    @Test
    void aListFailsThreeSecondsAfterItsRequestWhileAPartitionLoads() {
        kind.holds = true;
        run();
        await().until(() -> !kind.held.isEmpty());
        CompletableFuture<List<String>> first = counters.list();
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return first.isDone();
        });
        assertThatThrownBy(() -> done(first)).hasRootCauseInstanceOf(CoordinatorLoadInProgressException.class);
        CompletableFuture<List<String>> second = counters.list();

        kind.held.forEach(Runnable::run);

        assertThat(done(second)).isEmpty();
    }

    @Test
    void whatIsDoneWithAListHoldsUpNoOtherCommand() {
        kind.holds = true;
        run();
        await().until(() -> !kind.held.isEmpty());
        CountDownLatch listed = new CountDownLatch(1);
        CountDownLatch raised = new CountDownLatch(1);
        CompletableFuture<Boolean> slow = counters.list().thenApply(all -> {
            listed.countDown();
            return isReached(raised);
        });

        kind.held.forEach(Runnable::run);

        assertThat(isReached(listed)).isTrue();
        assertThat(raise("a")).isEqualTo(Errors.NONE);
        raised.countDown();
        assertThat(done(slow)).isTrue();
    }

    private static boolean isReached(CountDownLatch latch) {
        try {
            return latch.await(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void beyondTheirShareOfTheHeapNoCoordinatorIsCreatedAndTheOthersGoOn() {
        for (int i = 0; i < 100; i++) {
            assertThat(raise("counter-" + i)).isEqualTo(Errors.NONE);
        }

        assertThat(raise("one more")).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(raise("yet another")).isEqualTo(Errors.POLICY_VIOLATION);
        assertThat(raise("counter-7")).isEqualTo(Errors.NONE);
        assertThat(kind.refusals).containsExactly(1L);

        allRest();
        assertThat(kind.heap.used()).isEqualTo(1000);
        assertThat(raise("one more")).isEqualTo(Errors.NONE);
        assertThat(raise("counter-7")).isEqualTo(Errors.NONE);
    }

    @Test
    void theHeapOfCoordinatorsThatStopOrFailIsFreeAgain() {
        raise("a");
        raise("b");
        assertThat(kind.heap.used()).isEqualTo(2 * (10 + Coordinator.HEAP_BYTES));

        kind.faults.put("a", CounterKind.Fault.STEP);
        raise("a");
        kind.faults.clear();
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(10));
            assertThat(kind.heap.used()).isEqualTo(20);
        });

        isLedBy(2, 1);
        await().untilAsserted(() -> assertThat(kind.heap.used()).isZero());
    }

    @Test
    void faultInTheListingOfAParkedCoordinatorAffectsOnlyThatOne() {
        raise("bad");
        raise("good");
        allRest();
        kind.faults.put("bad", Fault.LISTING);

        assertThat(list()).containsExactly("good=1");

        assertThat(raise("good")).isEqualTo(Errors.NONE);
        kind.faults.clear();
        await().until(() -> {
            pass(Duration.ofSeconds(1));
            return list().contains("bad=1");
        });
    }

    @Test
    void faultInAParkedCoordinatorAffectsOnlyThatOne() {
        raise("bad");
        raise("good");
        allRest();
        kind.faults.put("bad", Fault.CONCERNS);

        pass(Duration.ofHours(1));

        await().until(() -> kind.log.get("good") >= 2);
        assertThat(raise("bad")).isNotEqualTo(Errors.NOT_COORDINATOR);
    }

    @Test
    void faultInARunningCoordinatorFailsItsRequestsAndAffectsOnlyThatOne() {
        raise("bad");
        raise("good");
        CompletableFuture<Errors> waits = waiting("bad");
        CompletableFuture<Errors> waitsElsewhere = waiting("good");
        assertThat(raise("bad")).isEqualTo(Errors.NONE);
        kind.faults.put("bad", Fault.STEP);

        assertThat(raise("bad")).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(done(waits)).isEqualTo(Errors.NOT_COORDINATOR);

        kind.faults.clear();
        await().until(() -> raise("bad") == Errors.NONE);
        assertThat(waitsElsewhere).isNotDone();
    }

    @Test
    void repeatedFailuresDelayTheReplayMoreEachTime() {
        raise("bad");
        kind.faults.put("bad", Fault.STEP);
        for (int i = 0; i < 6; i++) {
            raise("bad");
            pass(Duration.ofMinutes(1));
        }
        await().until(() -> raise("bad") == Errors.COORDINATOR_LOAD_IN_PROGRESS);
        int before = kind.replays.get();

        pass(Duration.ofMillis(50));
        assertThat(raise("bad")).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(kind.replays).hasValue(before);

        kind.faults.clear();
        pass(Duration.ofMinutes(1));
        assertThat(raise("bad")).isEqualTo(Errors.NONE);
    }

    @Test
    void whenAnotherBrokerLeadsCoordinatorsStopAndWaitingRequestsFail() {
        cluster.replicate(CounterKind.TOPIC, OTHER);
        isLedBy(FakeMetadata.SELF, 1);
        raise("a");
        CompletableFuture<Errors> waits = waiting("a");

        isLedBy(OTHER, 2);

        assertThat(done(waits)).isEqualTo(Errors.NOT_COORDINATOR);
        await().until(() -> counters.running() == 0);
        assertThat(raise("a")).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(counters.running()).isZero();
        assertThat(list()).isEmpty();
    }

    @Test
    void whenThisBrokerLeadsAgainItReadsWhatTheOtherHasWritten() {
        cluster.replicate(CounterKind.TOPIC, OTHER);
        isLedBy(FakeMetadata.SELF, 1);
        raise("a");
        isLedBy(OTHER, 2);
        await().until(() -> raise("a") == Errors.NOT_COORDINATOR);
        kind.log.put("a", 41);

        isLedBy(FakeMetadata.SELF, 3);

        assertThat(raise("a")).isEqualTo(Errors.NONE);
        assertThat(list()).containsExactly("a=42");
    }

    @Test
    void leaderThatMissedAnotherLeaderLoadsAgain() {
        cluster.replicate(CounterKind.TOPIC, OTHER);
        isLedBy(FakeMetadata.SELF, 1);
        raise("a");
        kind.log.put("a", 41);

        isLedBy(FakeMetadata.SELF, 3);

        assertThat(list()).containsExactly("a=41");
    }

    @Test
    void soleReplicaContinuesThroughAnElection() {
        raise("a");
        CompletableFuture<Errors> waits = waiting("a");

        isLedBy(FakeMetadata.SELF, 7);

        assertThat(raise("a")).isEqualTo(Errors.NONE);
        assertThat(waits).isNotDone();
    }

    @Test
    void partitionThatIsNotLedYetIsNoError() {
        kind.unreadable = new NotLeaderOrFollowerException("soon");
        run();
        CompletableFuture<Errors> early = raising("a");
        await().until(() -> kind.replays.get() > 1);
        assertThat(early).isNotDone();

        kind.unreadable = null;
        await().until(() -> {
            pass(Duration.ofMillis(200));
            return early.isDone();
        });

        assertThat(done(early)).isEqualTo(Errors.NONE);
        assertThat(list()).containsExactly("a=1");
    }

    @Test
    void partitionThatCannotBeReadIsReportedAsLoading() {
        kind.unreadable = new StorageException("damaged");
        run();

        assertThat(raise("a")).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(list()).isEmpty();
    }

    /** Also to those that get an actor by the load, or by an earlier broadcast. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void broadcastsDuringALoadAreDeliveredAfterIt(boolean haveWork) {
        raise("a");
        allRest();
        kind.holds = true;
        kind.haveWork = haveWork;
        run();
        await().until(() -> !kind.held.isEmpty());
        runtime.tell(new CoordinatorsCommand.Broadcast<>(new CounterKind.DoubleAll()));
        runtime.tell(new CoordinatorsCommand.Broadcast<>(new CounterKind.AddToAll(5)));

        kind.held.forEach(Runnable::run);

        await().until(() -> kind.log.get("a") == 7);
    }
}
