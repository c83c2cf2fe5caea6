package io.aeon.broker.partition.actor;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.aeon.LoggedLines;
import io.aeon.PatientWaits;
import io.aeon.broker.ActorKits;
import io.aeon.broker.disk.BreakableFiles;
import io.aeon.broker.disk.DiskSpace;
import io.aeon.broker.disk.DiskStall;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.mailbox.DeadLetters;
import io.aeon.broker.partition.FoundBatch;
import io.aeon.broker.partition.OffsetSpec;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.DeleteRecords;
import io.aeon.broker.partition.PartitionCommand.Deleted;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.FindBatch;
import io.aeon.broker.partition.PartitionCommand.FindOffset;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.PartitionEvent;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.PartitionEvent.IdleCheck;
import io.aeon.broker.partition.PartitionEvent.Retire;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.Watcher;
import io.aeon.broker.partition.cleaning.Compactions;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.config.FlushSettings;
import io.aeon.config.FlushSettings.Mode;
import io.aeon.counters.BrokerCounters;
import io.aeon.replication.Resends;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.LogSummary;
import io.aeon.storage.log.OffsetOutOfRangeException;
import io.aeon.storage.log.TimestampOffset;
import io.aeon.threads.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionActorTest {
    private static final ActorTestKit KIT = ActorKits.withManualTime();
    private static final ManualTime TIME = ManualTime.get(KIT.system());
    private static final TopicPartition PARTITION = new TopicPartition("orders", 3);
    private static final int LEADER_EPOCH = 7;
    private static final LogConfig ONE_BATCH_A_SEGMENT =
            new LogConfig(1, Long.MAX_VALUE, 4096, 1 << 20, -1, -1, 60_000, true, Long.MAX_VALUE);

    private final BreakableFiles disk = new BreakableFiles();
    private final DiskSpace space = new DiskSpace(1 << 20);
    private final AtomicBoolean offline = new AtomicBoolean();
    private final WorkerPool needed = new WorkerPool("needed", 1);
    private final DiskStall stall = new DiskStall(needed, System::nanoTime);
    private final TestProbe<TopicsCommand> parent = KIT.createTestProbe();
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final HeldExecutor held = new HeldExecutor();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @TempDir
    private Path dir;

    static {
        DeadLetters.answer(KIT.system());
    }

    @AfterEach
    void stopThreads() {
        letGo.countDown();
        threads.shutdownNow();
        needed.close();
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void appendedRecordsAreRead() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);

        assertThat(done(append(partition, "a", "b"))).isEqualTo(new AppendResult(0, 1, 0));
        assertThat(done(append(partition, "c"))).isEqualTo(new AppendResult(2, 2, 0));

        assertThat(Records.values(done(read(partition, 0)).records())).containsExactly("a", "b", "c");
        assertThat(done(read(partition, 3)).highWatermark()).isEqualTo(3);
    }

    @Test
    void oneFsyncServesEveryAppendThatWaits() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, held);
        held.runOne();
        CompletableFuture<AppendResult> first = append(partition, "a");
        held.runOne();
        CompletableFuture<AppendResult> second = append(partition, "b");
        CompletableFuture<AppendResult> third = append(partition, "c");
        await().until(() -> done(describe(partition)).logEndOffset() == 3);
        assertThat(first).isNotDone();
        assertThat(Records.values(done(read(partition, 0)).records())).isEmpty();

        held.runOne();

        assertThat(List.of(done(first), done(second), done(third))).hasSize(3);
        assertThat(held.held()).isZero();
        assertThat(Records.values(done(read(partition, 0)).records())).containsExactly("a", "b", "c");
    }

    @Test
    void anAppendDuringAnFsyncWaitsForTheNextOne() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        done(append(partition, "a"));
        stop(partition);
        ActorRef<PartitionCommand> again = start(Mode.SYNC, held);
        held.runOne();

        CompletableFuture<AppendResult> first = append(again, "b");
        done(describe(again));
        assertThat(held.held()).isEqualTo(1);
        CompletableFuture<AppendResult> second = append(again, "c");
        held.runOne();

        assertThat(done(first).baseOffset()).isEqualTo(1);
        await().until(() -> held.runWithin(1) || second.isDone());
        assertThat(done(second).baseOffset()).isEqualTo(2);
    }

    @Test
    void theFlushIntervalSyncsAppendsThatNobodyWaitsFor() {
        ActorRef<PartitionCommand> partition = start(Mode.INTERVAL, threads);
        done(append(partition, Acks.LEADER, "a"));
        int before = disk.forces();

        await().until(() -> {
            TIME.timePasses(Duration.ofSeconds(1));
            return disk.forces() > before;
        });
        stop(partition);
    }

    @Test
    void aFailedFsyncFailsTheWaitingAppendsAndTheLogIsReopened() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        done(append(partition, "kept"));
        disk.failForce(true);

        CompletableFuture<AppendResult> lost = append(partition, "lost");
        assertThatThrownBy(() -> done(lost)).hasRootCauseInstanceOf(java.io.IOException.class);
        disk.failForce(false);

        passUntil(() -> append(partition, "more"));
        assertThat(Records.values(done(read(partition, 0)).records()))
                .startsWith("kept")
                .endsWith("more");
    }

    @Test
    void aFullDiskRefusesWritesKeepsReadsAndNeedsNoRestart() {
        ActorRef<PartitionCommand> partition = start(Mode.OS, threads);
        done(append(partition, "kept"));
        disk.failWrite(true);

        assertThatThrownBy(() -> done(append(partition, "refused"))).hasCauseInstanceOf(StorageException.class);
        assertThat(Records.values(done(read(partition, 0)).records())).containsExactly("kept");
        disk.failWrite(false);

        assertThat(done(append(partition, "again")).baseOffset()).isEqualTo(1);
    }

    @Test
    void withLittleSpaceOnlyAppendsAreRefused() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        done(append(partition, "a", "b"));
        space.measured(1000);

        assertThatThrownBy(() -> done(append(partition, "refused"))).hasCauseInstanceOf(KafkaStorageException.class);
        assertThat(Records.values(done(read(partition, 0)).records())).containsExactly("a", "b");
        assertThat(done(delete(partition, 2))).isEqualTo(2);
        space.measured(Long.MAX_VALUE);

        assertThat(done(append(partition, "c")).baseOffset()).isEqualTo(2);
    }

    @Test
    void withLittleSpaceNoDirectoryIsCreated() {
        space.measured(1000);
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);

        assertThatThrownBy(() -> done(append(partition, "refused"))).hasCauseInstanceOf(KafkaStorageException.class);
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void withLittleSpaceDeletedSegmentsAreFreedAtOnce() {
        ActorRef<PartitionCommand> partition = start(Mode.OS, threads);
        partition.tell(new Configure(smallSegments(), Role.Lead.alone(LEADER_EPOCH)));
        for (int i = 0; i < 5; i++) {
            done(append(partition, "value " + i));
        }
        space.measured(1000);

        done(delete(partition, 4));

        assertThat(dir.resolve("orders-3")).isDirectoryNotContaining("glob:**.deleted");
    }

    @Test
    void aDirectoryThatCannotBeCreatedFailsTheFirstAppendAndIsCreatedLater() {
        disk.failWrite(true);
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);

        assertThatThrownBy(() -> done(append(partition, "refused"))).hasCauseInstanceOf(KafkaStorageException.class);
        disk.failWrite(false);

        passUntil(() -> append(partition, "a"));
        assertThat(Records.values(done(read(partition, 0)).records())).containsExactly("a");
    }

    @Test
    void aPartitionWhoseLastWriteFailedIsNotIdle() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        done(append(partition, "kept"));
        disk.failWrite(true);
        assertThatThrownBy(() -> done(append(partition, "a"))).hasCauseInstanceOf(StorageException.class);
        TestProbe<TopicsCommand.Idle> idle = KIT.createTestProbe();

        checkIdleTwice(partition, idle);
        idle.expectNoMessage(Duration.ZERO);

        disk.failWrite(false);
        done(append(partition, "again"));
        checkIdleTwice(partition, idle);
        idle.receiveMessage();
    }

    /** The first check may find that the log was used since the previous one. */
    private static void checkIdleTwice(ActorRef<PartitionCommand> partition, TestProbe<TopicsCommand.Idle> idle) {
        done(describe(partition));
        for (int check = 0; check < 2; check++) {
            partition.tell(new IdleCheck(false, idle.getRef()));
        }
        done(describe(partition));
    }

    @Test
    void afterTwoFailedWritesReadsAreServedBetweenTheTries() {
        ActorRef<PartitionCommand> partition = start(Mode.OS, threads);
        done(append(partition, "kept"));
        disk.failWrite(true);
        assertThatThrownBy(() -> done(append(partition, "a"))).hasCauseInstanceOf(StorageException.class);
        assertThatThrownBy(() -> done(append(partition, "b"))).hasCauseInstanceOf(StorageException.class);

        assertThatThrownBy(() -> done(append(partition, "c"))).hasCauseInstanceOf(KafkaStorageException.class);
        assertThat(Records.values(done(read(partition, 0)).records())).containsExactly("kept");
        disk.failWrite(false);
        TIME.timePasses(Duration.ofSeconds(1));

        assertThat(done(append(partition, "again")).baseOffset()).isEqualTo(1);
    }

    @Test
    void duringADiskStallAppendsWaitAndReadsDoNot() {
        ActorRef<PartitionCommand> partition = start(Mode.OS, threads);
        done(append(partition, "a"));
        needed.start();
        needed.execute(() -> {
            stall.begins();
            awaited(letGo);
            stall.ends();
        });
        await().until(() -> {
            stall.look();
            return stall.stall() != null;
        });

        CompletableFuture<AppendResult> waiting = append(partition, "b");
        CompletableFuture<AppendResult> next = append(partition, "c");
        assertThat(Records.values(done(read(partition, 0)).records())).containsExactly("a");
        assertThat(waiting).isNotDone();
        letGo.countDown();
        await().until(() -> {
            stall.look();
            return stall.stall() == null;
        });

        assertThat(done(waiting).baseOffset()).isEqualTo(1);
        assertThat(done(next).baseOffset()).isEqualTo(2);
    }

    @Test
    void afterSomeFailedOpeningsItIsOfflineUntilTheDiskIsBack() {
        disk.failEverything(true);
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        CompletableFuture<Description> waiting = describe(partition);

        passUntilDone(waiting);
        assertThatThrownBy(() -> done(waiting)).hasCauseInstanceOf(StorageException.class);
        assertThatThrownBy(() -> done(describe(partition))).hasCauseInstanceOf(StorageException.class);
        assertThat(offline).isTrue();
        disk.failEverything(false);

        passUntil(() -> describe(partition));
        assertThat(offline).isFalse();
        assertThat(done(append(partition, "a")).baseOffset()).isZero();
    }

    @Test
    void aDamagedLogServesTheRecordsBeforeTheDamageOnly() throws IOException {
        ActorRef<PartitionCommand> before = start(Mode.SYNC, threads);
        done(append(before, "a"));
        done(append(before, "b"));
        stop(before);
        Path segment = dir.resolve("orders-3/00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 1] ^= 1;
        Files.write(segment, bytes);

        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);

        assertThat(Records.values(done(read(partition, 0)).records())).containsExactly("a");
        partition.tell(new Configure(LogConfig.DEFAULT, Role.Lead.alone(LEADER_EPOCH)));
        partition.tell(PartitionEvent.Housekeep.NOW);
        List<Supplier<CompletableFuture<?>>> refused = List.of(
                () -> read(partition, 1),
                () -> read(partition, 7),
                () -> append(partition, "c"),
                () -> delete(partition, -1));
        assertThat(refused)
                .allSatisfy(each -> assertThatThrownBy(() -> done(each.get()))
                        .hasCauseInstanceOf(DamagedLogException.class)
                        .hasMessageContaining(segment + " is damaged at " + bytes.length / 2 + ", offset 1"));
        assertThat(Files.readAllBytes(segment)).isEqualTo(bytes);
        assertThat(done(latest(partition, LEADER_EPOCH)))
                .get()
                .extracting(TimestampOffset::offset)
                .isEqualTo(2L);

        CompletableFuture<Optional<LogSummary>> deleted = new CompletableFuture<>();
        partition.tell(new End(true, deleted));
        done(deleted);
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void damageInAnOlderSegmentAffectsOnlyItsRecordsAndIsLoggedOnce() throws IOException {
        ActorRef<PartitionCommand> before = start(Mode.SYNC, threads);
        before.tell(new Configure(ONE_BATCH_A_SEGMENT, Role.Lead.alone(LEADER_EPOCH)));
        done(append(before, "a"));
        done(append(before, "b"));
        done(append(before, "c"));
        stop(before);
        Path segment = dir.resolve("orders-3/00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 1] ^= 1;
        Files.write(segment, bytes);

        try (LoggedLines logged = LoggedLines.of(LogFaults.class)) {
            ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);

            for (int again = 0; again < 3; again++) {
                assertThatThrownBy(() -> done(read(partition, 0))).hasCauseInstanceOf(DamagedLogException.class);
            }
            assertThat(Records.values(done(read(partition, 1)).records())).containsExactly("b");
            assertThat(done(append(partition, "d")).baseOffset()).isEqualTo(3);
            assertThat(logged.events())
                    .filteredOn(event -> event.getThrowableProxy() != null
                            && event.getThrowableProxy().getMessage().contains(segment + " is damaged at 0"))
                    .hasSize(1);
        }
    }

    @Test
    void aRemovedSegmentIsAnErrorAndNoAppendIsAcknowledgedAfterIt() throws IOException {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        done(append(partition, "a"));
        Files.delete(dir.resolve("orders-3/00000000000000000000.log"));

        assertThatThrownBy(() -> done(append(partition, "b"))).hasRootCauseInstanceOf(StorageException.class);

        assertThatThrownBy(() -> done(append(partition, "c"))).hasCauseInstanceOf(DamagedLogException.class);
        assertThatThrownBy(() -> done(read(partition, 0)))
                .hasCauseInstanceOf(DamagedLogException.class)
                .hasMessageContaining("the file is missing");
    }

    @Test
    void withoutFreeDescriptorsRequestsFailUntilSomeAreFree() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        done(append(partition, "a"));
        partition.tell(new Configure(ONE_BATCH_A_SEGMENT, Role.Lead.alone(LEADER_EPOCH)));
        disk.failOpen(true);

        assertThatThrownBy(() -> done(append(partition, "b"))).hasMessageContaining("Too many open files");
        disk.failOpen(false);

        passUntil(() -> append(partition, "c"));
        assertThat(Records.values(done(read(partition, 0)).records())).containsExactly("a");
    }

    @Test
    void requestsBeyondTheStashAreRefusedAndMayBeRepeated() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, held);
        for (int i = 0; i < 1000; i++) {
            describe(partition);
        }

        assertThatThrownBy(() -> done(describe(partition))).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void aWatcherIsWokenWhenRecordsBecomeReadable() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, held);
        held.runOne();
        CountedWakes watcher = new CountedWakes();
        partition.tell(new Watch(Isolation.UNCOMMITTED, 0, 0, watcher.watcher));
        CompletableFuture<AppendResult> appended = append(partition, "a");
        held.runOne();
        done(describe(partition));
        assertThat(watcher.wakes).hasValue(0);

        held.runOne();

        done(appended);
        await().untilAsserted(() -> assertThat(watcher.wakes).hasValue(1));
    }

    @Test
    void aFailingWatcherDoesNotAffectThePartition() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        done(append(partition, "a"));
        parent.expectMessageClass(TopicsCommand.Started.class);
        for (Runnable harm : List.<Runnable>of(this::fail, () -> awaited(letGo))) {
            partition.tell(new Watch(Isolation.UNCOMMITTED, 1, 0, new Watcher(this::run, harm)));
        }
        partition.tell(new Watch(Isolation.UNCOMMITTED, 1, 0, new Watcher(this::refuse, this::fail)));

        assertThat(done(append(partition, "b")).baseOffset()).isEqualTo(1);
        assertThat(done(append(partition, "c")).baseOffset()).isEqualTo(2);
        parent.expectNoMessage(Duration.ZERO);
    }

    @Test
    void workAfterAReplyDoesNotBlockThePartition() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        CompletableFuture<AppendResult> appended = new CompletableFuture<>();
        CompletableFuture<Boolean> after = appended.thenApply(result -> awaited(letGo));
        partition.tell(new Append(Records.batch("a"), Acks.ALL, appended));
        CountedWakes watcher = new CountedWakes();
        partition.tell(new Watch(Isolation.UNCOMMITTED, 1, 0, watcher.watcher));

        CompletableFuture<AppendResult> next = append(partition, "b");

        await().untilAsserted(() -> assertThat(watcher.wakes).hasValue(1));
        assertThat(after).isNotDone();
        letGo.countDown();
        assertThat(done(next).baseOffset()).isEqualTo(1);
        assertThat(done(after)).isTrue();
    }

    @Test
    void aLogIsNotClosedWhileAReadWaitsForTheDisk() {
        ActorRef<PartitionCommand> partition = start(Mode.OS, held);
        CompletableFuture<Optional<FoundBatch>> found = readThatWaitsForTheDisk(partition);

        partition.tell(new Retire(parent.getRef().narrow(), false, new CompletableFuture<>()));
        parent.expectMessageClass(TopicsCommand.Started.class);
        parent.expectMessageClass(TopicsCommand.StillBusy.class);
        CompletableFuture<Optional<LogSummary>> closed = new CompletableFuture<>();
        partition.tell(new End(false, closed));
        assertThatThrownBy(() -> done(describe(partition))).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        held.runLast();

        assertThat(done(found))
                .hasValueSatisfying(
                        batch -> assertThat(Records.values(batch.records())).containsExactly("a"));
        held.runOne();
        assertThat(done(closed)).isPresent();
    }

    @Test
    void aFailedLogIsNotClosedWhileAReadWaitsForTheDisk() {
        ActorRef<PartitionCommand> partition = start(Mode.OS, held);
        CompletableFuture<Optional<FoundBatch>> found = readThatWaitsForTheDisk(partition);
        disk.failWrite(true);
        assertThatThrownBy(() -> done(append(partition, "b"))).hasCauseInstanceOf(StorageException.class);
        disk.failWrite(false);
        CompletableFuture<Description> described = describe(partition);
        held.runLast();

        assertThat(done(found))
                .hasValueSatisfying(
                        batch -> assertThat(Records.values(batch.records())).containsExactly("a"));
        held.runOne();
        held.runOne();
        assertThat(done(described).logEndOffset()).isEqualTo(1);
    }

    private CompletableFuture<Optional<FoundBatch>> readThatWaitsForTheDisk(ActorRef<PartitionCommand> partition) {
        held.runOne();
        CompletableFuture<AppendResult> appended = append(partition, "a");
        held.runOne();
        done(appended);
        CompletableFuture<Optional<FoundBatch>> found = new CompletableFuture<>();
        partition.tell(new FindBatch(new OffsetSpec.AtOrAfter(0), Isolation.UNCOMMITTED, -1, found));
        return found;
    }

    @Test
    void anEndWakesWatchersAndFailsLaterRequests() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        CountedWakes watcher = new CountedWakes();
        partition.tell(new Watch(Isolation.UNCOMMITTED, 0, 0, watcher.watcher));

        stop(partition);

        await().untilAsserted(() -> assertThat(watcher.wakes).hasValue(1));
        assertThatThrownBy(() -> done(describe(partition))).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void deletionRemovesTheFiles() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        done(append(partition, "a"));
        assertThat(dir.resolve("orders-3")).isDirectoryContaining("glob:**partition.metadata");

        CompletableFuture<Optional<LogSummary>> deleted = new CompletableFuture<>();
        partition.tell(new End(true, deleted));
        done(deleted);

        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void filesOfADeletedTopicWithTheSameNameAreSetAside() {
        ActorRef<PartitionCommand> before = start(Mode.SYNC, threads);
        done(append(before, "old"));
        stop(before);

        ActorRef<PartitionCommand> after = start(Mode.SYNC, threads, Uuid.randomUuid());

        assertThat(done(describe(after)).logEndOffset()).isZero();
        assertThat(done(append(after, "new")).baseOffset()).isZero();
        assertThat(dir.resolve("orders-3.stray.1/00000000000000000000.log")).isNotEmptyFile();
    }

    @Test
    void aChangedByteInTheOwnerFileLosesNoRecords() throws IOException {
        ActorRef<PartitionCommand> before = start(Mode.SYNC, threads);
        done(append(before, "kept"));
        stop(before);
        Path owner = dir.resolve("orders-3/partition.metadata");
        byte[] bytes = Files.readAllBytes(owner);
        for (int at = 0; at < bytes.length; at += 5) {
            byte[] flipped = bytes.clone();
            flipped[at] ^= 4;
            Files.write(owner, flipped);

            stop(start(Mode.SYNC, threads));

            Path aside = dir.resolve("orders-3.stray.1");
            if (Files.exists(aside)) {
                assertThat(dir.resolve("orders-3")).doesNotExist();
                Files.move(aside, dir.resolve("orders-3"));
            }
            assertThat(dir.resolve("orders-3/00000000000000000000.log")).isNotEmptyFile();
        }
    }

    @Test
    void olderAndNewerLeaderEpochsAreFenced() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);

        assertThatThrownBy(() -> done(latest(partition, LEADER_EPOCH - 1)))
                .hasCauseInstanceOf(FencedLeaderEpochException.class);
        assertThatThrownBy(() -> done(latest(partition, LEADER_EPOCH + 1)))
                .hasCauseInstanceOf(UnknownLeaderEpochException.class);
        assertThat(done(latest(partition, LEADER_EPOCH)))
                .get()
                .extracting(TimestampOffset::offset)
                .isEqualTo(0L);

        partition.tell(new Configure(LogConfig.DEFAULT, Role.Lead.alone(LEADER_EPOCH + 1)));
        assertThat(done(latest(partition, LEADER_EPOCH + 1))).isPresent();
    }

    @Test
    void aDeletionThatWaitsForNoFollowerIsCompleteWhenItIsAnswered() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        done(append(partition, "a", "b"));
        CompletableFuture<Boolean> complete = new CompletableFuture<>();
        CompletableFuture<Deleted> reply = new CompletableFuture<>();
        reply.thenAccept(deleted -> complete.complete(deleted.byAll().isDone()));

        partition.tell(new DeleteRecords(1, reply));

        assertThat(done(complete)).isTrue();
    }

    @Test
    void recordsAreDeletedUpToTheHighWatermarkAtMost() {
        ActorRef<PartitionCommand> partition = start(Mode.SYNC, threads);
        done(append(partition, "a", "b"));
        done(append(partition, "c"));

        assertThat(done(delete(partition, 1))).isEqualTo(1);
        assertThat(done(delete(partition, 0))).isEqualTo(1);
        assertThatThrownBy(() -> done(delete(partition, 4))).hasCauseInstanceOf(OffsetOutOfRangeException.class);
        assertThat(done(delete(partition, -1))).isEqualTo(3);
        assertThat(done(append(partition, "d")).baseOffset()).isEqualTo(3);
        assertThatThrownBy(() -> done(read(partition, 2))).hasCauseInstanceOf(OffsetOutOfRangeException.class);
    }

    private static LogConfig smallSegments() {
        LogConfig usual = LogConfig.DEFAULT;
        return new LogConfig(
                100,
                usual.segments().segmentMs(),
                usual.segments().indexIntervalBytes(),
                usual.segments().indexMaxBytes(),
                usual.retentionMs(),
                usual.retentionBytes(),
                usual.segments().fileDeleteDelayMs(),
                usual.deletes(),
                usual.messageTimestampAfterMaxMs());
    }

    private ActorRef<PartitionCommand> start(Mode mode, Executor blocking) {
        return start(mode, blocking, new Uuid(1, 2));
    }

    private ActorRef<PartitionCommand> start(Mode mode, Executor blocking, Uuid topicId) {
        LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(100), disk.files());
        return KIT.spawn(PartitionActor.create(
                new PartitionSetup(
                        new PartitionDirectory(
                                OneDisk.of(dir, environment, space, stall, blocking), PARTITION, topicId),
                        () -> CompletableFuture.completedFuture(null),
                        () -> CompletableFuture.completedFuture(null),
                        new FlushSettings(mode, Duration.ofSeconds(1), 1 << 20),
                        Compactions.of(KIT.system().ignoreRef()),
                        NoFollowers.SETUP,
                        ProducerLimit.none(),
                        new BrokerCounters()),
                new Configure(LogConfig.DEFAULT, Role.Lead.alone(LEADER_EPOCH)),
                new AtomicLong(),
                new Resends(() -> 0),
                new OpenTries(offline::set),
                parent.getRef()));
    }

    private void stop(ActorRef<PartitionCommand> partition) {
        CompletableFuture<Optional<LogSummary>> closed = new CompletableFuture<>();
        partition.tell(new End(false, closed));
        done(closed);
        KIT.createTestProbe().expectTerminated(partition);
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void fail() {
        throw new IllegalStateException("thrown by a watcher");
    }

    private void run(Runnable task) {
        var unused = CompletableFuture.runAsync(task, threads);
    }

    private void refuse(Runnable task) {
        throw new RejectedExecutionException("closed");
    }

    /** Advances the time until the retried operation succeeds. */
    private static void passUntil(Supplier<CompletableFuture<?>> attempt) {
        await().until(() -> {
            CompletableFuture<?> tried = attempt.get();
            passUntilDone(tried);
            return !tried.isCompletedExceptionally();
        });
    }

    private static void passUntilDone(CompletableFuture<?> awaited) {
        await().until(() -> {
            TIME.timePasses(Duration.ofSeconds(1));
            return awaited.isDone();
        });
    }

    private static CompletableFuture<AppendResult> append(ActorRef<PartitionCommand> partition, String... values) {
        return append(partition, Acks.ALL, values);
    }

    private static CompletableFuture<AppendResult> append(
            ActorRef<PartitionCommand> partition, Acks acks, String... values) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        partition.tell(new Append(Records.batch(values), acks, reply));
        return reply;
    }

    private static CompletableFuture<ReadResult> read(ActorRef<PartitionCommand> partition, long offset) {
        CompletableFuture<ReadResult> reply = new CompletableFuture<>();
        partition.tell(new Read(offset, 1 << 20, true, -1, reply));
        return reply;
    }

    private static CompletableFuture<Description> describe(ActorRef<PartitionCommand> partition) {
        CompletableFuture<Description> reply = new CompletableFuture<>();
        partition.tell(new Describe(reply));
        return reply;
    }

    private static CompletableFuture<Long> delete(ActorRef<PartitionCommand> partition, long offset) {
        CompletableFuture<Deleted> reply = new CompletableFuture<>();
        partition.tell(new DeleteRecords(offset, reply));
        return reply.thenCompose(Deleted::byAll);
    }

    private static CompletableFuture<Optional<TimestampOffset>> latest(
            ActorRef<PartitionCommand> partition, int epoch) {
        CompletableFuture<Optional<TimestampOffset>> reply = new CompletableFuture<>();
        partition.tell(new FindOffset(OffsetSpec.Edge.LATEST, epoch, reply));
        return reply;
    }

    private static final class CountedWakes {
        private final AtomicInteger wakes = new AtomicInteger();
        private final Watcher watcher = new Watcher(Runnable::run, wakes::incrementAndGet);
    }
}
