package io.aeon.broker.partition.actor;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import io.aeon.PatientWaits;
import io.aeon.broker.ActorKits;
import io.aeon.broker.FakeMetadata;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.mailbox.DeadLetters;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionEvent;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.cleaning.CleanerSettings;
import io.aeon.broker.partition.cleaning.Compactions;
import io.aeon.broker.partition.cleaning.LogCleaner;
import io.aeon.broker.supervision.Supervision;
import io.aeon.broker.topic.DiskWatch;
import io.aeon.broker.topic.Housekeeper;
import io.aeon.broker.topic.Housekeeper.Schedule;
import io.aeon.broker.topic.PartitionRegistry;
import io.aeon.broker.topic.TopicSettingsCache;
import io.aeon.broker.topic.Topics;
import io.aeon.broker.topic.TopicsSetup;
import io.aeon.config.FlushSettings;
import io.aeon.config.FlushSettings.Mode;
import io.aeon.config.PartitionSettings;
import io.aeon.counters.BrokerCounters;
import io.aeon.metadata.Metadata;
import io.aeon.storage.compaction.CompactionMemory;
import io.aeon.storage.compaction.CompactionNeed;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.LogConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker's 1,000 partitions, one of which breaks, and its helpers, which break too. The clock stands while the other
 * partitions are used, so that a command of theirs that waited for a backoff would never be answered.
 */
class FaultIsolationTest {
    private static final int PARTITIONS = 1000;
    private static final int WORKING = 40;
    private static final TopicPartition BROKEN = partition(0);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final ActorTestKit kit = ActorKits.withManualTime();
    private final ManualTime time = ManualTime.get(kit.system());
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Breakable cleaning = new Breakable();
    private final Breakable housekeeping = new Breakable();
    private final Breakable watching = new Breakable();
    private PartitionRegistry registry;
    private ActorRef<TopicsCommand> topics;
    private ActorRef<LogCleaner.Command> cleaner;
    private int rounds;

    @TempDir
    private Path dir;

    @BeforeEach
    void start() {
        DeadLetters.answer(kit.system());
        registry = new PartitionRegistry(partition -> topics.tell(new TopicsCommand.Start(partition)));
        cleaner = helper(
                LogCleaner.create(
                        registry,
                        () -> new CleanerSettings(1, SECOND, new CompactionMemory(1 << 20, 0.5, 1 << 10)),
                        cleaning),
                LogCleaner.Command.class);
        FakeMetadata metadata = new FakeMetadata();
        metadata.add(BROKEN.topic(), PARTITIONS);
        topics = kit.spawn(Supervision.parentKeepingChildren(
                Topics.create(setup(metadata.metadata(), threads), registry, DAY, change -> {}),
                TopicsCommand.class,
                "topics"));
        topics.tell(metadata.change());
        helper(
                Housekeeper.create(topics, new Schedule(DAY, DAY, DAY, DAY, SECOND, () -> DAY), housekeeping),
                Housekeeper.Command.class);
        helper(
                watch(task -> {
                    watching.use();
                    threads.execute(task);
                }),
                DiskWatch.Command.class);
        othersWork();
    }

    private <T> ActorRef<T> helper(Behavior<T> behavior, Class<T> protocol) {
        return kit.spawn(Supervision.helper(
                behavior, protocol, "helper", "nothing", Supervision.LONGEST_BACKOFF, System::nanoTime));
    }

    private Behavior<DiskWatch.Command> watch(Executor blocking) {
        Disk disk = disk(blocking);
        return DiskWatch.create(disk, OneDisk.only(disk), topics, failed -> {});
    }

    private Disk disk(Executor blocking) {
        return OneDisk.of(dir, new LogEnvironment(Clock.systemUTC(), new MapBudget(100), LogFiles.disk()), blocking);
    }

    private TopicsSetup setup(Metadata metadata, Executor blocking) {
        return new TopicsSetup(
                metadata,
                new TopicSettingsCache(FakeMetadata.SELF, metadata.topicConfigs()::of),
                new FlushSettings(Mode.OS, SECOND, 1 << 20),
                Clock.systemUTC(),
                OneDisk.only(disk(blocking)),
                new PartitionSettings(DAY, PARTITIONS, 4),
                Compactions.of(cleaner),
                NoFollowers.SETUP,
                ProducerLimit.none(),
                new BrokerCounters());
    }

    @AfterEach
    void stop() throws InterruptedException {
        topics.tell(TopicsCommand.Stop.NOW);
        kit.createTestProbe().expectTerminated(topics, PatientWaits.LIMIT);
        kit.shutdownTestKit();
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void anExceptionAtAnyEventOfOnePartitionIsNotNoticedByTheOthers() {
        List<? extends Class<?>> events = PartitionStatesTest.leaves(PartitionEvent.class)
                .filter(event -> event.isRecord() && event != End.class)
                .toList();
        assertThat(events).isNotEmpty();
        for (Class<?> event : events) {
            registry.tell(BROKEN, (PartitionEvent) PartitionStatesTest.broken(event));
            othersWork();
            registry.tell(BROKEN, new Configure(LogConfig.DEFAULT, Role.Lead.alone(0)));
            passUntil(() -> succeeds(append(BROKEN)));
        }
    }

    @Test
    void theOthersWorkWhileTheCommandsOfABrokenPartitionWaitForItsBackoff() {
        registry.tell(BROKEN, new Configure(null, null));
        CompletableFuture<AppendResult> own = append(BROKEN);

        othersWork();

        assertThat(own).isNotDone();
        registry.tell(BROKEN, new Configure(LogConfig.DEFAULT, Role.Lead.alone(0)));
        passUntil(own::isDone);
        passUntil(() -> succeeds(append(BROKEN)));
    }

    @Test
    void faultsOfAllHelpersAndOfOnePartitionAreNotNoticedByTheOthers() {
        List<Breakable> helpers = List.of(cleaning, housekeeping, watching);
        helpers.forEach(Breakable::breakDown);
        cleaner.tell(new LogCleaner.Report(partition(1), new CompactionNeed(1, CompactionNeed.NOW)));
        registry.tell(BROKEN, new Configure(null, null));
        passUntil(() -> helpers.stream().allMatch(helper -> helper.faults.get() > 1));
        CompletableFuture<AppendResult> own = append(BROKEN);

        othersWork();

        assertThat(succeeded(own)).isFalse();
        helpers.forEach(Breakable::mend);
        registry.tell(BROKEN, new Configure(LogConfig.DEFAULT, Role.Lead.alone(0)));
        passUntil(() -> helpers.stream().allMatch(helper -> helper.uses.get() > 0));
        passUntil(() -> succeeds(append(BROKEN)));
        othersWork();
    }

    /** Each partition but one is used, without time passing; none fails, and none has lost a record. */
    private void othersWork() {
        rounds++;
        List<CompletableFuture<AppendResult>> appends = IntStream.range(1, WORKING)
                .mapToObj(index -> append(partition(index)))
                .toList();
        List<CompletableFuture<Description>> resting = IntStream.range(WORKING, PARTITIONS)
                .mapToObj(index -> describe(partition(index)))
                .toList();
        appends.forEach(append -> assertThat(done(append).baseOffset()).isEqualTo(rounds - 1));
        resting.forEach(
                description -> assertThat(done(description).logEndOffset()).isZero());
        for (int index = 1; index < WORKING; index++) {
            CompletableFuture<ReadResult> read = new CompletableFuture<>();
            registry.tell(partition(index), new Read(0, 1 << 20, true, Isolation.UNCOMMITTED, -1, -1, read));
            assertThat(Records.values(done(read).records())).isEqualTo(Collections.nCopies(rounds, "value"));
        }
    }

    private void passUntil(BooleanSupplier done) {
        long deadline = System.nanoTime() + PatientWaits.LIMIT.toNanos();
        while (!done.getAsBoolean()) {
            time.timePasses(SECOND);
            Thread.onSpinWait();
            assertThat(System.nanoTime()).as("done in time").isLessThan(deadline);
        }
    }

    private boolean succeeds(CompletableFuture<AppendResult> append) {
        passUntil(append::isDone);
        return succeeded(append);
    }

    private static boolean succeeded(CompletableFuture<AppendResult> append) {
        return append.isDone() && !append.isCompletedExceptionally();
    }

    private CompletableFuture<AppendResult> append(TopicPartition partition) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        registry.tell(partition, new Append(Records.batch("value"), Acks.ALL, reply));
        return reply;
    }

    private CompletableFuture<Description> describe(TopicPartition partition) {
        CompletableFuture<Description> reply = new CompletableFuture<>();
        registry.tell(partition, new Describe(reply));
        return reply;
    }

    private static TopicPartition partition(int index) {
        return new TopicPartition("orders", index);
    }

    /** What a helper uses; it throws while it is broken. As a clock it stands still. */
    private static final class Breakable extends Clock {
        private final AtomicInteger faults = new AtomicInteger();
        private final AtomicInteger uses = new AtomicInteger();
        private volatile boolean broken;

        void breakDown() {
            broken = true;
        }

        void mend() {
            uses.set(0);
            broken = false;
        }

        void use() {
            if (broken) {
                faults.incrementAndGet();
                throw new IllegalStateException("broken by the test");
            }
            uses.incrementAndGet();
        }

        @Override
        public Instant instant() {
            use();
            return Instant.EPOCH;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
