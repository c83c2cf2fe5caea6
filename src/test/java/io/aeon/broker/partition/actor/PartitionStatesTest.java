package io.aeon.broker.partition.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.ActorRef;
import io.aeon.PatientWaits;
import io.aeon.broker.ActorKits;
import io.aeon.broker.disk.BreakableFiles;
import io.aeon.broker.mailbox.DeadLetters;
import io.aeon.broker.partition.Follower;
import io.aeon.broker.partition.OffsetSpec;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.Request;
import io.aeon.broker.partition.PartitionCommand.Truncate;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.PartitionEvent;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.PartitionEvent.Housekeep;
import io.aeon.broker.partition.PartitionEvent.Retire;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.Truncation;
import io.aeon.broker.partition.Watcher;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.LogSummary;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every command in every state of a partition: each request is answered, and no fault loses acknowledged records. */
class PartitionStatesTest {
    private static final ActorTestKit KIT = ActorKits.withManualTime();
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final int EPOCH = 7;
    /** A step of the time sleeps for 100 ms, and few of the states need one. */
    private static final int QUIET_MILLIS = 30;

    @TempDir
    private Path dir;

    static {
        DeadLetters.answer(KIT.system());
    }

    @AfterAll
    static void stopKit() {
        KIT.shutdownTestKit();
    }

    /** The states; each is entered from a leading partition with one record. */
    private enum State {
        OPENING,
        OFFLINE,
        LEADING,
        MAINTAINING,
        FOLLOWING,
        TRUNCATING,
        QUARANTINED,
        ENDING,
        RETIRING
    }

    @TestFactory
    Stream<DynamicTest> everyRequestIsAnsweredInEveryState() {
        return Arrays.stream(State.values())
                .flatMap(state -> leaves(PartitionCommand.class)
                        .distinct()
                        .map(command -> DynamicTest.dynamicTest(
                                state + " answers " + command.getSimpleName(), () -> isAnswered(state, command))));
    }

    private void isAnswered(State state, Class<?> type) throws IOException {
        HeldPartition held = new HeldPartition(Files.createTempDirectory(dir, state.name()));
        held.enter(state);
        AtomicInteger wakes = new AtomicInteger();
        PartitionCommand command = command(type, new Watcher(Runnable::run, wakes::incrementAndGet));

        held.partition.tell(command);

        if (command instanceof Request<?> request) {
            held.letGoUntil(request.reply()::isDone);
        }
        held.end();
        if (command instanceof Watch) {
            await().untilAsserted(() -> assertThat(wakes).hasPositiveValue());
        }
    }

    @TestFactory
    Stream<DynamicTest> anExceptionAtAnyEventCostsNothingThatWasAcknowledged() {
        return leaves(PartitionEvent.class)
                .filter(Class::isRecord)
                .filter(event -> event != End.class && event != Retire.class)
                .map(event -> DynamicTest.dynamicTest("broken " + event.getSimpleName(), () -> isSurvived(event)));
    }

    private void isSurvived(Class<?> type) throws IOException {
        HeldPartition held = new HeldPartition(Files.createTempDirectory(dir, type.getSimpleName()));
        held.enter(State.LEADING);

        held.partition.tell((PartitionEvent) broken(type));
        held.partition.tell(new Configure(LogConfig.DEFAULT, Role.Lead.alone(EPOCH)));

        held.letGoUntil(() -> {
            CompletableFuture<AppendResult> reply = held.append();
            held.letGoUntil(reply::isDone);
            return !reply.isCompletedExceptionally();
        });
        CompletableFuture<Description> described = new CompletableFuture<>();
        held.partition.tell(new Describe(described));
        assertThat(PatientWaits.done(described).logEndOffset()).isGreaterThanOrEqualTo(2);
        held.end();
    }

    static Stream<Class<?>> leaves(Class<?> commands) {
        return commands.isSealed()
                ? Arrays.stream(commands.getPermittedSubclasses()).flatMap(PartitionStatesTest::leaves)
                : Stream.of(commands);
    }

    private static PartitionCommand command(Class<?> type, Watcher watcher) {
        return (PartitionCommand) (type.isEnum() ? type.getEnumConstants()[0] : filled(type, watcher));
    }

    private static Object filled(Class<?> type, Watcher watcher) {
        return make(
                type,
                Arrays.stream(type.getRecordComponents())
                        .map(component -> value(component.getType(), watcher))
                        .toArray());
    }

    /** A message whose fields are all null where they can be. */
    static Object broken(Class<?> type) {
        return make(
                type,
                Arrays.stream(type.getRecordComponents())
                        .map(component -> component.getType().isPrimitive() ? value(component.getType(), null) : null)
                        .toArray());
    }

    private static Object make(Class<?> type, Object[] values) {
        try {
            return type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new))
                    .newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.getName(), e);
        }
    }

    private static Object value(Class<?> type, Watcher watcher) {
        Map<Class<?>, Object> values = Map.ofEntries(
                Map.entry(ByteBuffer.class, Records.batch("value")),
                Map.entry(CompletableFuture.class, new CompletableFuture<>()),
                Map.entry(Acks.class, Acks.ALL),
                Map.entry(Isolation.class, Isolation.UNCOMMITTED),
                Map.entry(Read.class, new Read(0, 100, true, -1, new CompletableFuture<>())),
                Map.entry(Follower.class, new Follower(2, -1)),
                Map.entry(Truncation.class, new Truncation.ToOffset(0)),
                Map.entry(OffsetSpec.Edge.class, OffsetSpec.Edge.LATEST),
                Map.entry(OffsetSpec.Search.class, new OffsetSpec.AtOrAfter(0)),
                Map.entry(LogConfig.class, LogConfig.DEFAULT),
                Map.entry(Role.class, Role.Lead.alone(EPOCH)),
                Map.entry(Executor.class, (Executor) Runnable::run),
                Map.entry(ActorRef.class, KIT.system().ignoreRef()),
                Map.entry(Optional.class, Optional.empty()),
                Map.entry(Throwable.class, new IllegalStateException("told by the test")),
                Map.entry(int.class, -1),
                Map.entry(long.class, 0L),
                Map.entry(boolean.class, false));
        return type == Watcher.class ? watcher : values.get(type);
    }

    /** One partition with a disk that waits for the test. */
    private static final class HeldPartition {
        private final BreakableFiles disk = new BreakableFiles();
        private final HeldExecutor held = new HeldExecutor();
        private final PartitionRig rig;
        private ActorRef<PartitionCommand> partition;

        HeldPartition(Path path) {
            rig = new PartitionRig(KIT, path, disk.files()).blockingOn(held);
            partition = start();
            held.runOne();
            CompletableFuture<AppendResult> appended = append();
            letGoUntil(appended::isDone);
        }

        private ActorRef<PartitionCommand> start() {
            return rig.start(Role.Lead.alone(EPOCH));
        }

        CompletableFuture<AppendResult> append() {
            CompletableFuture<AppendResult> reply = new CompletableFuture<>();
            partition.tell(new Append(Records.batch("a"), Acks.ALL, reply));
            return reply;
        }

        void enter(State state) {
            switch (state) {
                case LEADING -> {}
                case MAINTAINING -> tellAndHold(Housekeep.NOW);
                case FOLLOWING -> follow();
                case TRUNCATING -> {
                    follow();
                    tellAndHold(new Truncate(new Truncation.ToOffset(0), EPOCH + 1, new CompletableFuture<>()));
                }
                case ENDING -> tellAndHold(new End(false, new CompletableFuture<>()));
                case RETIRING ->
                    tellAndHold(new Retire(KIT.system().ignoreRef().narrow(), false, new CompletableFuture<>()));
                case OPENING -> again();
                case OFFLINE -> {
                    disk.failEverything(true);
                    again();
                    CompletableFuture<Description> refused = new CompletableFuture<>();
                    partition.tell(new Describe(refused));
                    letGoUntil(refused::isDone);
                }
                case QUARANTINED -> {
                    end();
                    rig.damage();
                    partition = start();
                    held.runOne();
                }
            }
        }

        private void follow() {
            partition.tell(new Configure(LogConfig.DEFAULT, new Role.Follow(2, EPOCH + 1)));
        }

        private void tellAndHold(PartitionCommand command) {
            partition.tell(command);
            held.awaitOne();
        }

        private void again() {
            end();
            partition = start();
            held.awaitOne();
        }

        /** Runs work that waits for the disk until {@code done}; if nothing else happens, advances the time. */
        void letGoUntil(BooleanSupplier done) {
            long deadline = System.nanoTime() + PatientWaits.LIMIT.toNanos();
            int quietMillis = 0;
            while (!done.getAsBoolean()) {
                quietMillis = held.runWithin(1) ? 0 : quietMillis + 1;
                if (quietMillis == QUIET_MILLIS) {
                    TIME.timePasses(Duration.ofSeconds(1));
                    quietMillis = 0;
                }
                assertThat(System.nanoTime()).as("answered in time").isLessThan(deadline);
            }
        }

        void end() {
            CompletableFuture<Optional<?>> ended = new CompletableFuture<>();
            CompletableFuture<Optional<LogSummary>> reply = new CompletableFuture<>();
            var unused = reply.whenComplete((summary, failure) -> ended.complete(summary));
            partition.tell(new End(false, reply));
            letGoUntil(ended::isDone);
            held.runAll();
        }
    }
}
