package io.aeon.broker.topic;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.typed.ActorRef;
import io.aeon.broker.ActorKits;
import io.aeon.broker.FakeMetadata;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.mailbox.DeadLetters;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.AppendAsFollower;
import io.aeon.broker.partition.PartitionCommand.DeleteRecords;
import io.aeon.broker.partition.PartitionCommand.Deleted;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.PartitionEvent.Retire;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.Watcher;
import io.aeon.broker.partition.actor.NoFollowers;
import io.aeon.broker.partition.actor.ProducerLimit;
import io.aeon.broker.partition.actor.Records;
import io.aeon.broker.partition.actor.ReplicationSetup;
import io.aeon.broker.partition.cleaning.Compactions;
import io.aeon.broker.supervision.Supervision;
import io.aeon.config.FlushSettings;
import io.aeon.config.FlushSettings.Mode;
import io.aeon.config.PartitionSettings;
import io.aeon.counters.BrokerCounters;
import io.aeon.metadata.ClusterImage;
import io.aeon.replication.InSyncRules;
import io.aeon.replication.LogPosition;
import io.aeon.storage.batch.TransactionalBatches;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.HighWatermarkFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.storage.internals.checkpoint.OffsetCheckpointFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    /** Longer than a leader expects resends. */
    private static final long RESENDS_MS = 31_000;

    /** Position of the leader epoch in a batch, after base offset and length. */
    private static final int PARTITION_LEADER_EPOCH_OFFSET = 12;

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("cleanup.policy", "delete"),
            Map.entry("segment.jitter.ms", "0"),
            Map.entry("min.cleanable.dirty.ratio", "0.5"),
            Map.entry("min.compaction.lag.ms", "0"),
            Map.entry("max.compaction.lag.ms", "9223372036854775807"),
            Map.entry("delete.retention.ms", "86400000"),
            Map.entry("compression.type", "producer"),
            Map.entry("segment.bytes", "1073741824"),
            Map.entry("segment.ms", "604800000"),
            Map.entry("index.interval.bytes", "4096"),
            Map.entry("segment.index.bytes", "10485760"),
            Map.entry("retention.ms", "604800000"),
            Map.entry("retention.bytes", "-1"),
            Map.entry("file.delete.delay.ms", "60000"),
            Map.entry("message.timestamp.type", "CreateTime"),
            Map.entry("message.timestamp.before.max.ms", "9223372036854775807"),
            Map.entry("message.timestamp.after.max.ms", "3600000"),
            Map.entry("max.message.bytes", "1048588"),
            Map.entry("max.decompressed.message.bytes", "2147483639"),
            Map.entry("min.insync.replicas", "1"));

    private final ActorTestKit kit = ActorKits.create();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final AtomicInteger blockingFaults = new AtomicInteger();
    private final CompletableFuture<Void> disk = new CompletableFuture<>();
    private volatile boolean diskHangs;
    private final FakeMetadata metadata = new FakeMetadata();
    private final AtomicLong now = new AtomicLong();
    private volatile String brokenTopic = "none";
    private int mostOpen = 100;
    private Duration stopTimeout = Duration.ofMinutes(1);
    private int spawned;
    private PartitionRegistry registry;
    private ActorRef<TopicsCommand> topics;

    @TempDir
    private Path dir;

    @BeforeEach
    void start() {
        DeadLetters.answer(kit.system());
        startTopics();
    }

    private void startTopics() {
        LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(100), LogFiles.disk());
        TopicsSetup setup = new TopicsSetup(
                metadata.metadata(),
                new TopicSettingsCache(1, this::effective),
                new FlushSettings(Mode.OS, Duration.ofSeconds(1), 1 << 20),
                environment.clock(),
                OneDisk.only(OneDisk.of(dir, environment, this::blocking)),
                new PartitionSettings(Duration.ofMinutes(5), mostOpen, 4),
                Compactions.of(kit.system().ignoreRef()),
                new ReplicationSetup(
                        new InSyncRules(now::get, 0, broker -> OptionalLong.empty()), NoFollowers.SETUP.isr()),
                ProducerLimit.none(),
                new BrokerCounters());
        registry = new PartitionRegistry(partition -> topics.tell(new TopicsCommand.Start(partition)));
        topics = kit.spawn(
                Supervision.parentKeepingChildren(
                        Topics.create(setup, registry, stopTimeout, change -> {}), TopicsCommand.class, "topics"),
                "topics-" + spawned++);
        topics.tell(metadata.change());
    }

    private void blocking(Runnable task) {
        if (blockingFaults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new RejectedExecutionException("broken by the test");
        }
        if (diskHangs) {
            disk.thenRunAsync(task, threads);
        } else {
            threads.execute(task);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        kit.shutdownTestKit();
        disk.complete(null);
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void aPartitionRunsFromItsFirstUseAndLeavesNoFileUntilItsFirstRecord() {
        metadata.add("orders", 1);

        assertThat(done(describe()).logEndOffset()).isZero();
        assertThat(dir).isEmptyDirectory();

        assertThat(done(append("a")).baseOffset()).isZero();
        assertThat(dir.resolve("orders-0")).isDirectory();
    }

    @Test
    void anUnknownPartitionIsAnErrorUntilItExists() {
        assertThatThrownBy(() -> done(describe())).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);

        metadata.add("orders", 1);

        assertThat(done(describe()).logEndOffset()).isZero();
    }

    @Test
    void theFilesOfADeletedTopicAreRemoved() {
        metadata.add("orders", 1);
        done(append("a"));

        metadata.remove("orders");
        topics.tell(metadata.change());

        await().until(() -> dir.toFile().list().length == 0);
        assertThatThrownBy(() -> done(describe())).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void aReplicaThatMovesToAnotherBrokerIsRemovedAndComesBackEmpty() {
        metadata.add("orders", 1);
        done(append("a"));

        metadata.assign("orders", 2);
        topics.tell(metadata.change());

        await().until(() -> dir.toFile().list().length == 0);
        assertThatThrownBy(() -> done(describe())).hasCauseInstanceOf(NotLeaderOrFollowerException.class);

        metadata.assign("orders", FakeMetadata.SELF);
        topics.tell(metadata.change());
        await().until(() ->
                append("b").handle((result, failure) -> failure == null).join());
        assertThat(done(describe()).logEndOffset()).isEqualTo(1);
    }

    @Test
    void aReplicaAtRestThatMovesToAnotherBrokerIsRemoved() {
        metadata.add("orders", 1);
        done(append("a"));
        rest();

        metadata.assign("orders", 2);
        topics.tell(metadata.change());

        await().until(() -> dir.toFile().list().length == 0);
        assertThatThrownBy(() -> done(describe())).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void theFilesOfAReplicaThatMovedWhileTheBrokerWasDownAreSetAside() {
        metadata.add("orders", 1);
        done(append("a"));
        stopTopics();
        metadata.assign("orders", 2);

        startTopics();

        await().until(() -> Files.exists(dir.resolve("orders-0.stray.1")));
        assertThat(dir.resolve("orders-0")).doesNotExist();
        metadata.assign("orders", FakeMetadata.SELF);
        topics.tell(metadata.change());
        assertThat(done(describe()).logEndOffset()).isZero();
    }

    @Test
    void aRecreatedTopicIsEmpty() {
        metadata.add("orders", 1);
        done(append("old"));

        metadata.remove("orders");
        metadata.add("orders", 1);
        topics.tell(metadata.change());

        await().ignoreExceptions().until(() -> done(describe()).logEndOffset() == 0);
        assertThat(done(append("new")).baseOffset()).isZero();
    }

    @Test
    void aPartitionThatFailsStartsAgainAndTheOthersDoNotNotice() {
        metadata.add("orders", 2);
        TopicPartition other = new TopicPartition("orders", 1);
        done(append("a"));
        done(append(other, "x"));

        registry.tell(PARTITION, new Retire(null, false, null));

        assertThat(done(append(other, "y")).baseOffset()).isEqualTo(1);
        await().until(() -> append("b")
                .handle((result, failure) -> failure == null && result.baseOffset() >= 1)
                .join());
        assertThat(done(append(other, "z")).baseOffset()).isEqualTo(2);
    }

    @Test
    void anInvalidCommandFailsOnlyItsPartition() {
        metadata.add("orders", 2);
        TopicPartition other = new TopicPartition("orders", 1);
        done(append("a"));
        done(append(other, "x"));

        CompletableFuture<AppendResult> poison = new CompletableFuture<>();
        registry.tell(PARTITION, new Append(ByteBuffer.allocate(0).asReadOnlyBuffer(), Acks.ALL, poison));

        assertThatThrownBy(() -> done(poison)).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(done(append(other, "y")).baseOffset()).isEqualTo(1);
        assertThat(done(append("b")).baseOffset()).isEqualTo(1);
    }

    @Test
    void aStopClosesAllPartitionsAndRefusesFurtherCommands() {
        metadata.add("orders", 2);
        done(append("a"));

        topics.tell(TopicsCommand.Stop.NOW);

        kit.createTestProbe().expectTerminated(topics);
        assertThatThrownBy(() -> done(describe())).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void aPartitionThatCannotBeStartedFailsItsCommandsAndIsStartedAgainLater() {
        brokenTopic = "broken";
        metadata.add("broken", 1);
        metadata.add("orders", 2);
        TopicPartition broken = new TopicPartition("broken", 0);
        done(append("a"));

        for (int round = 0; round < 4 * Supervision.PARENT_RESTARTS; round++) {
            assertThatThrownBy(() -> done(append(broken, "x"))).hasCauseInstanceOf(StorageException.class);
            topics.tell(metadata.change());
        }
        assertThat(done(append("b")).baseOffset()).isEqualTo(1);
        assertThat(done(append(new TopicPartition("orders", 1), "c")).baseOffset())
                .isZero();

        brokenTopic = "none";
        await().until(() ->
                append(broken, "y").handle((result, failure) -> failure == null).join());
    }

    @Test
    void aRunningPartitionWhoseNewSettingsBreakIsClosedAndStartedAgainLater() {
        metadata.add("broken", 1);
        metadata.add("orders", 1);
        TopicPartition broken = new TopicPartition("broken", 0);
        done(append(broken, "x"));
        done(append("a"));
        brokenTopic = "broken";

        for (int round = 0; round < 2 * Supervision.PARENT_RESTARTS; round++) {
            metadata.override("broken", Map.of("retention.ms", "" + (1_000_000 + round)));
            topics.tell(metadata.change());
        }
        assertThat(done(append("b")).baseOffset()).isEqualTo(1);
        await().until(() ->
                append(broken, "y").handle((result, failure) -> failure != null).join());

        brokenTopic = "none";
        await().until(() ->
                append(broken, "z").handle((result, failure) -> failure == null).join());
    }

    @Test
    void aPartitionThatCannotBeStartedAfterACrashDoesNotKeepTheOthersFromIt() {
        metadata.add("broken", 1);
        metadata.add("orders", 1);
        TopicPartition broken = new TopicPartition("broken", 0);
        done(append(broken, "x"));
        done(append("a"));
        crash();
        brokenTopic = "broken";

        startTopics();

        assertThat(done(append("b")).baseOffset()).isEqualTo(1);
        assertThatThrownBy(() -> done(append(broken, "y"))).hasCauseInstanceOf(StorageException.class);
        brokenTopic = "none";
        await().until(() -> append(broken, "z")
                .handle((result, failure) -> failure == null && result.baseOffset() == 1)
                .join());
    }

    @Test
    void aFaultOfTheParentDoesNotAffectItsPartitions() {
        metadata.add("orders", 2);
        done(append("a"));
        metadata.breakImage(1);

        CompletableFuture<AppendResult> ofAnother = append(new TopicPartition("orders", 1), "x");

        assertThat(done(append("b")).baseOffset()).isEqualTo(1);
        assertThat(done(ofAnother).baseOffset()).isZero();
    }

    @Test
    void aDeletionDuringAFaultOfTheParentIsCompletedAfterIt() {
        metadata.add("orders", 1);
        done(append("a"));
        metadata.remove("orders");
        metadata.breakImage(1);

        registry.tell(new TopicPartition("none", 0), new Describe(new CompletableFuture<>()));

        await().until(() -> dir.toFile().list().length == 0);
    }

    @Test
    void aFaultDuringAStopDoesNotEndTheStop() {
        metadata.add("orders", 1);
        done(append("a"));
        rest();
        blockingFaults.set(2);

        stopTopics();

        assertThat(dir.resolve("log-summaries")).exists();
    }

    @Test
    void partitionsThatDoNotCloseInTimeAreNamedInTheLog() {
        stopTimeout = Duration.ofMillis(50);
        stopTopics();
        startTopics();
        metadata.add("orders", 2);
        done(append("a"));
        diskHangs = true;

        LoggingTestKit.error("1 partitions have not closed within PT0.05S and are left as they are: [orders-0]")
                .expect(kit.system(), () -> {
                    stopTopics();
                    return null;
                });
    }

    @Test
    void afterACleanStopAPartitionAnswersWithoutOpeningItsFiles() throws IOException {
        metadata.add("orders", 1);
        done(append("a"));
        stopTopics();
        Files.writeString(dir.resolve("orders-0").resolve("recovery-checkpoint"), "spoiled");

        startTopics();

        assertThat(done(describe()).logEndOffset()).isEqualTo(1);
        assertThat(dir.resolve("orders-0").resolve("recovery-checkpoint")).hasContent("spoiled");
        assertThat(done(append("b")).baseOffset()).isEqualTo(1);
    }

    @Test
    void afterACrashEachPartitionWithFilesIsRecoveredWithoutARequest() throws IOException {
        metadata.add("orders", 1);
        done(append("a"));
        stopTopics();
        Files.delete(dir.resolve("log-summaries"));
        Path checkpoint = dir.resolve("orders-0").resolve("recovery-checkpoint");
        Files.delete(checkpoint);

        startTopics();

        await().until(() -> Files.exists(checkpoint));
        assertThat(done(describe()).logEndOffset()).isEqualTo(1);
    }

    @Test
    void aSummaryOfAnotherLogIsIgnored() throws IOException {
        metadata.add("orders", 1);
        done(append("a"));
        stopTopics();
        byte[] old = Files.readAllBytes(dir.resolve("log-summaries"));
        startTopics();
        done(append("b"));
        stopTopics();
        Files.write(dir.resolve("log-summaries"), old);

        startTopics();

        assertThat(done(describe()).logEndOffset()).isEqualTo(2);
    }

    @Test
    void aFailedSearchLeavesNoSummaryOfLogsThatChange() throws IOException {
        metadata.add("orders", 1);
        done(append("a"));
        stopTopics();
        Path unreadable = dir.resolve(HighWatermarkFile.FILE);
        Files.deleteIfExists(unreadable);
        Files.createDirectory(unreadable);

        startTopics();
        done(append("b"));

        assertThat(dir.resolve("log-summaries")).doesNotExist();
    }

    @Test
    void anIdlePartitionRestsAndComesBackAtItsNextUse() {
        metadata.add("orders", 1);
        done(append("a"));
        rest();

        assertThat(done(describe()).logEndOffset()).isEqualTo(1);
        assertThat(registry.isAtRest(PARTITION)).isTrue();
        assertThat(done(append("b")).baseOffset()).isEqualTo(1);
        assertThat(registry.isAtRest(PARTITION)).isFalse();
    }

    @Test
    void aWatcherOfARestingPartitionIsWokenByItsNextRecord() {
        metadata.add("orders", 1);
        done(append("a"));
        CompletableFuture<Void> before = watch(1);
        rest();
        CompletableFuture<Void> after = watch(1);
        assertThat(done(watch(0))).isNull();
        assertThat(registry.isAtRest(PARTITION)).isTrue();

        assertThat(before).isNotDone();
        assertThat(after).isNotDone();
        done(append("b"));

        done(before);
        done(after);
    }

    @Test
    void aRestingPartitionIsRemovedWithItsTopic() {
        metadata.add("orders", 1);
        done(append("a"));
        rest();
        CompletableFuture<Void> watcher = watch(1);

        metadata.remove("orders");
        topics.tell(metadata.change());

        done(watcher);
        await().until(() -> dir.toFile().list().length == 0);
        assertThatThrownBy(() -> done(describe())).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void retentionReachesARestingPartitionWhenItIsDue() {
        metadata.add("orders", 1);
        done(append("a"));
        rest();

        metadata.override("orders", Map.of("retention.ms", "0"));
        topics.tell(metadata.change());

        await().until(() -> {
            topics.tell(TopicsCommand.Housekeep.NOW);
            return done(describe()).logStartOffset() == 1;
        });
    }

    @Test
    void aboveTheLimitOfOpenPartitionsTheOldestIsClosed() {
        mostOpen = 2;
        stopTopics();
        startTopics();
        metadata.add("orders", 5);
        for (int partition = 0; partition < 5; partition++) {
            done(append(new TopicPartition("orders", partition), "a"));
        }

        await().until(() -> IntStream.range(0, 5)
                        .filter(partition -> registry.isAtRest(new TopicPartition("orders", partition)))
                        .count()
                >= 2);
    }

    @Test
    void aFollowerHasTheCheckpointedHighWatermarkAfterACrash() throws IOException {
        follow("orders");
        done(appendAsFollower(2));
        checkpoint();
        assertThat(checkpointOfKafka()).isEqualTo(Map.of(PARTITION, 2L));

        crash();
        startTopics();

        assertThat(done(describe()).highWatermark()).isEqualTo(2);
        assertThat(done(describe()).logEndOffset()).isEqualTo(3);
        metadata.lead("orders", FakeMetadata.SELF, 2);
        topics.tell(metadata.change());
        await().until(() -> done(describe()).highWatermark() == 3);
    }

    @Test
    void aCheckpointedHighWatermarkIsBoundedByTheLogOfTheFollower() {
        follow("orders");
        done(appendAsFollower(2));
        crash();
        HighWatermarkFile.write(dir, Map.of("orders-0", 100L), LogFiles.disk());

        startTopics();

        assertThat(done(describe()).highWatermark()).isEqualTo(3);
    }

    @Test
    void aCleanStopWritesTheHighWatermarksOfAllPartitions() throws IOException {
        metadata.add("orders", 3);
        done(append("a"));
        rest();
        done(append(new TopicPartition("orders", 1), "b"));

        stopTopics();

        assertThat(checkpointOfKafka()).isEqualTo(Map.of(PARTITION, 1L, new TopicPartition("orders", 1), 1L));
    }

    @Test
    void aCheckpointWakesNoPartitionAndKnowsThoseAtRest() throws IOException {
        metadata.add("orders", 1);
        done(append("a"));
        rest();

        checkpoint();

        assertThat(checkpointOfKafka()).isEqualTo(Map.of(PARTITION, 1L));
        assertThat(registry.isAtRest(PARTITION)).isTrue();
    }

    @Test
    void thePlaceOfAReplicaThatIsInSyncAgainIsRecordedAlsoIfTheControllerWasAway() {
        metadata.add("orders", 1);
        done(append("a"));
        metadata.assign("orders", FakeMetadata.SELF + 1, FakeMetadata.SELF);
        metadata.giveUp("orders");
        topics.tell(metadata.change());
        await().until(() -> !metadata.assignments().isEmpty());

        metadata.assignments().remove().completeExceptionally(new TimeoutException("no controller"));

        await().untilAsserted(() -> {
            topics.tell(TopicsCommand.CheckInSync.NOW);
            assertThat(metadata.assignments()).hasSize(1);
        });
        metadata.assignments().remove().complete(null);
        topics.tell(TopicsCommand.CheckInSync.NOW);
        done(describe());
        assertThat(metadata.assignments()).isEmpty();
    }

    @Test
    void thePlaceOfAReplicaWithoutRecordsIsRecordedIfTheDirectoryInTheMetadataIsGone() {
        stopTopics();
        metadata.add("orders", 2);
        metadata.assign("orders", FakeMetadata.SELF + 1, FakeMetadata.SELF);
        metadata.loseDirectories("orders");
        metadata.registerSelf(-1);
        startTopics();
        done(describe());
        assertThat(metadata.assignments()).as("the controller would refuse it").isEmpty();

        metadata.registerSelf(7);
        topics.tell(metadata.change());

        await().until(() -> !metadata.assignments().isEmpty());
        metadata.assignments().remove().complete(null);
        topics.tell(TopicsCommand.CheckInSync.NOW);
        done(describe());
        assertThat(metadata.assignments()).as("one request for all").isEmpty();
    }

    @Test
    void theTimeForResendsIsCountedFromTheElectionAlsoIfNoRecordFollows() {
        leadAfterAnother();
        assertIsHeldUp(appendOf(7, 5));
        rest();

        now.addAndGet(RESENDS_MS);

        done(appendOf(7, 5));
    }

    @Test
    void theTimeForResendsIsCountedFromAnElectionDuringARest() {
        replicate();
        rest();
        elect(FakeMetadata.SELF + 1, 1);
        elect(FakeMetadata.SELF, 2);

        assertThat(registry.isAtRest(PARTITION)).isTrue();
        now.addAndGet(RESENDS_MS);

        done(appendOf(7, 5));
    }

    @Test
    void aRestDoesNotEndTheTimeForResends() {
        leadAfterAnother();
        done(appendOf(8, 0));
        rest();

        assertIsHeldUp(appendOf(7, 1));
    }

    @Test
    void aLeaderWithoutRecordsIsNotTakenForANewOne() {
        leadAfterAnother();
        done(appendOf(8, 0));
        now.addAndGet(RESENDS_MS);
        CompletableFuture<Deleted> deleted = new CompletableFuture<>();
        registry.tell(PARTITION, new DeleteRecords(-1, deleted));
        done(deleted);
        rest();

        done(appendOf(7, 5));
    }

    /** A partition with a record, which this broker leads; broker 2 has a replica, but is not in sync. */
    private void replicate() {
        metadata.add("orders", 1);
        metadata.replicate("orders", FakeMetadata.SELF + 1);
        metadata.inSync("orders", FakeMetadata.SELF);
        metadata.add("barrier", 1);
        done(append("a"));
    }

    private void leadAfterAnother() {
        replicate();
        elect(FakeMetadata.SELF + 1, 1);
        elect(FakeMetadata.SELF, 2);
    }

    /** Returns when the partition has its new role. */
    private void elect(int leader, int epoch) {
        metadata.lead("orders", leader, epoch);
        topics.tell(metadata.change());
        TopicPartition barrier = new TopicPartition("barrier", 0);
        registry.closed(barrier, new UnknownTopicOrPartitionException("told by the test"));
        done(append(barrier, "a"));
    }

    private CompletableFuture<AppendResult> appendOf(long producer, int sequence) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        registry.tell(
                PARTITION,
                new Append(TransactionalBatches.idempotent(producer, 0, sequence, 1, 1), Acks.LEADER, reply));
        return reply;
    }

    private static void assertIsHeldUp(CompletableFuture<AppendResult> append) {
        assertThatThrownBy(() -> done(append)).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void noCommandIsLostOrOutOfOrderWhilePartitionsRestAllTheTime() {
        metadata.add("orders", 1);
        List<CompletableFuture<AppendResult>> appends = new ArrayList<>();
        for (int record = 0; record < 300; record++) {
            appends.add(append("v" + record));
            if (record % 3 == 0) {
                topics.tell(TopicsCommand.RestIdle.NOW);
            }
            if (record % 10 == 0) {
                done(appends.get(record));
                rest();
            }
        }
        for (int record = 0; record < appends.size(); record++) {
            assertThat(done(appends.get(record)).baseOffset()).isEqualTo(record);
        }
    }

    /** Runs idle checks until the partition rests. */
    private void rest() {
        await().pollInterval(Duration.ofMillis(2)).until(() -> {
            topics.tell(TopicsCommand.RestIdle.NOW);
            return registry.isAtRest(PARTITION);
        });
    }

    /** Another broker leads {@code topic} in epoch 1; this one has no in-sync replica to wait for when it leads. */
    private void follow(String topic) {
        metadata.add(topic, 1);
        metadata.lead(topic, FakeMetadata.SELF + 1, 1);
    }

    /** Three records, with the leader's high watermark. */
    private CompletableFuture<LogPosition> appendAsFollower(long highWatermark) {
        ByteBuffer batch = Records.batch("a", "b", "c").putInt(PARTITION_LEADER_EPOCH_OFFSET, 1);
        CompletableFuture<LogPosition> reply = new CompletableFuture<>();
        registry.tell(PARTITION, new AppendAsFollower(batch, 1, highWatermark, reply));
        return reply;
    }

    /** Writes the checkpoint of the high watermarks. */
    private void checkpoint() {
        topics.tell(TopicsCommand.CheckpointHighWatermarks.NOW);
        await().until(() -> Files.exists(dir.resolve(HighWatermarkFile.FILE)));
    }

    private Map<TopicPartition, Long> checkpointOfKafka() throws IOException {
        return new OffsetCheckpointFile(dir.resolve(HighWatermarkFile.FILE).toFile(), null).read();
    }

    /** Stops the topics as a crash does, without a clean stop. */
    private void crash() {
        kit.stop(topics);
    }

    private CompletableFuture<Void> watch(long highWatermark) {
        CompletableFuture<Void> woken = new CompletableFuture<>();
        registry.tell(
                PARTITION,
                new Watch(
                        PartitionCommand.Isolation.UNCOMMITTED,
                        highWatermark,
                        0,
                        new Watcher(Runnable::run, () -> woken.complete(null))));
        return woken;
    }

    private void stopTopics() {
        topics.tell(TopicsCommand.Stop.NOW);
        kit.createTestProbe().expectTerminated(topics);
    }

    private Map<String, String> effective(ClusterImage image, String topic) {
        if (topic.equals(brokenTopic)) {
            throw new IllegalStateException("broken by the test");
        }
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.putAll(image.topicOverrides(topic));
        return settings;
    }

    private CompletableFuture<Description> describe() {
        CompletableFuture<Description> reply = new CompletableFuture<>();
        registry.tell(PARTITION, new Describe(reply));
        return reply;
    }

    private CompletableFuture<AppendResult> append(String value) {
        return append(PARTITION, value);
    }

    private CompletableFuture<AppendResult> append(TopicPartition partition, String value) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        registry.tell(partition, new Append(Records.batch(value), Acks.ALL, reply));
        return reply;
    }
}
