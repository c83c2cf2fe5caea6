package io.aeon.broker.partition.actor;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import io.aeon.PatientWaits;
import io.aeon.broker.ActorKits;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.partition.Follower;
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
import io.aeon.broker.partition.PartitionCommand.FollowerRead;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.NearbyRead;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.PartitionEvent.CheckInSync;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.Watcher;
import io.aeon.broker.partition.cleaning.Compactions;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.config.FlushSettings;
import io.aeon.config.FlushSettings.Mode;
import io.aeon.counters.BrokerCounters;
import io.aeon.metadata.IsrRequests.Change;
import io.aeon.metadata.IsrRequests.Result;
import io.aeon.replication.InSyncRules;
import io.aeon.replication.Resends;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.OffsetOutOfRangeException;
import io.aeon.storage.log.TimestampOffset;
import io.aeon.storage.segment.EpochEndOffset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OffsetNotAvailableException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partition that this broker leads and brokers 2 and 3 follow. */
class FollowersTest {
    private static final ActorTestKit KIT = ActorKits.withManualTime();
    private static final int EPOCH = 5;
    private static final int NONE = -1;
    private static final long LAG = 30_000;
    private static final Follower TWO = new Follower(2, 20);
    private static final Follower THREE = new Follower(3, 30);

    private final HeldExecutor held = new HeldExecutor();
    private final BlockingQueue<AskedIsr> asked = new LinkedBlockingQueue<>();
    private final AtomicLong now = new AtomicLong(100_000);
    private ActorRef<PartitionCommand> partition;

    @TempDir
    private Path dir;

    private record AskedIsr(Change change, CompletableFuture<Result> result) {}

    @AfterAll
    static void stopKit() {
        KIT.shutdownTestKit();
    }

    @BeforeEach
    void lead() {
        partition = start(Runnable::run, Mode.OS);
    }

    @Test
    void aFollowerReadsRecordsThatConsumersDoNotSeeYet() {
        append("a");

        assertThat(Records.values(fetched(TWO, 0, NONE).records())).containsExactly("a");
        assertThat(consumed(0)).isEmpty();
    }

    @Test
    void aWriteIsAcknowledgedWhenAllInSyncFollowersHaveIt() {
        CompletableFuture<AppendResult> write = append("a");
        fetched(TWO, 0, NONE);
        fetched(THREE, 0, NONE);

        assertThat(fetched(TWO, 1, EPOCH).highWatermark()).isZero();
        assertThat(write).isNotDone();
        assertThat(fetched(THREE, 1, EPOCH).highWatermark()).isEqualTo(1);

        assertThat(done(write).baseOffset()).isZero();
        assertThat(consumed(0)).containsExactly("a");
    }

    @Test
    void recordsAreDeletedWhenAllInSyncFollowersHaveDeletedThem() {
        append("a");
        append("b");
        fetched(TWO, 2, EPOCH);
        fetched(THREE, 2, EPOCH);
        AtomicLong followers = watch(Isolation.LOG_END, 2, 0);

        Deleted deleted = done(delete(1));
        assertThat(deleted.logStartOffset()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(followers).hasValue(1));
        startsAt(TWO, EPOCH, 1);
        assertThat(deleted.byAll()).isNotDone();

        startsAt(THREE, EPOCH, 1);

        assertThat(done(deleted.byAll())).isEqualTo(1);
    }

    @Test
    void aDeletionThatChangesNothingWaitsForFollowersWhoseLogStartIsNotKnown() {
        append("a");
        append("b");
        startsAt(TWO, EPOCH, 0);
        startsAt(THREE, EPOCH, 0);
        done(delete(1));
        partition.tell(new Configure(LogConfig.DEFAULT, role(EPOCH + 1, 2, Set.of(2, 3), 1)));
        startsAt(TWO, EPOCH + 1, 1);
        AtomicLong followers = watch(Isolation.LOG_END, 2, 1);

        Deleted deleted = done(delete(1));

        await().untilAsserted(() ->
                assertThat(followers).as("asked for their log start").hasValue(1));
        assertThat(deleted.byAll()).isNotDone();
        startsAt(THREE, EPOCH + 1, 1);
        assertThat(done(deleted.byAll())).isEqualTo(1);
    }

    @Test
    void aConsumerNearAnInSyncFollowerIsSentThere() {
        append("a");
        fetched(TWO, 1, EPOCH);
        fetched(THREE, 1, EPOCH);

        ReadResult sent = done(readNear(Set.of(3, 7), EPOCH));

        assertThat(sent.preferredReplica()).isEqualTo(3);
        assertThat(sent.records().size()).isZero();
        assertThat(sent.highWatermark()).isEqualTo(1);
        assertThat(Records.values(done(readNear(Set.of(7), EPOCH)).records())).containsExactly("a");
        assertThatThrownBy(() -> done(readNear(Set.of(3), EPOCH - 1)))
                .hasCauseInstanceOf(FencedLeaderEpochException.class);
    }

    private CompletableFuture<ReadResult> readNear(Set<Integer> followers, int leaderEpoch) {
        CompletableFuture<ReadResult> reply = new CompletableFuture<>();
        partition.tell(new NearbyRead(new Read(0, 1 << 20, true, leaderEpoch, reply), followers));
        return reply;
    }

    @Test
    void aDeletionFailsWhenAnotherBrokerLeads() {
        append("a");
        fetched(TWO, 1, EPOCH);
        fetched(THREE, 1, EPOCH);
        CompletableFuture<Long> byAll = done(delete(1)).byAll();

        partition.tell(new Configure(LogConfig.DEFAULT, new Role.Follow(2, EPOCH + 1)));

        assertThatThrownBy(() -> done(byAll)).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void aNewLeaderTellsNoEndOffsetUntilItsFollowersHaveWhatItHad() {
        append("a");
        partition.tell(new Configure(LogConfig.DEFAULT, role(EPOCH + 1, 2, Set.of(2, 3), 1)));

        assertThatThrownBy(() -> done(latest(Isolation.UNCOMMITTED)))
                .hasCauseInstanceOf(OffsetNotAvailableException.class);
        assertThatThrownBy(() -> done(latest(Isolation.COMMITTED)))
                .hasCauseInstanceOf(OffsetNotAvailableException.class);
        assertThat(done(latest(Isolation.LOG_END))).isEqualTo(1);
        CompletableFuture<Optional<FoundBatch>> byTime = new CompletableFuture<>();
        partition.tell(new FindBatch(new OffsetSpec.AtOrAfter(0), Isolation.UNCOMMITTED, NONE, byTime));
        assertThatThrownBy(() -> done(byTime)).hasCauseInstanceOf(OffsetNotAvailableException.class);

        done(read(TWO, 1, EPOCH, EPOCH + 1));
        done(read(THREE, 1, EPOCH, EPOCH + 1));

        assertThat(done(latest(Isolation.UNCOMMITTED))).isEqualTo(1);
    }

    @Test
    void aFollowerOutsideTheIsrIsNotWaitedFor() {
        lead(2, Set.of(2), 1);
        CompletableFuture<AppendResult> write = append("a");

        fetched(TWO, 1, EPOCH);

        assertThat(done(write).baseOffset()).isZero();
    }

    @Test
    void theLeadersOwnRecordsCountWhenTheyAreDurable() {
        partition = start(held, Mode.SYNC);
        held.awaitOne();
        held.runOne();
        CompletableFuture<AppendResult> write = new CompletableFuture<>();
        partition.tell(new Append(Records.batch("a"), Acks.ALL, write));
        held.awaitOne();
        held.runOne();
        await().until(() -> logEnd() == 1);
        fetched(TWO, 1, EPOCH);

        assertThat(fetched(THREE, 1, EPOCH).highWatermark()).isZero();
        held.awaitOne();
        held.runAll();

        assertThat(done(write).baseOffset()).isZero();
        assertThat(fetched(TWO, 1, EPOCH).highWatermark()).isEqualTo(1);
    }

    @Test
    void aWaitingConsumerIsWokenByTheHighWatermarkAndAWaitingFollowerByTheLogEnd() {
        AtomicLong consumers = watch(Isolation.UNCOMMITTED);
        AtomicLong followers = watch(Isolation.LOG_END);

        append("a");
        await().untilAsserted(() -> assertThat(followers).hasValue(1));
        assertThat(consumers).hasValue(0);
        fetched(TWO, 1, EPOCH);
        fetched(THREE, 1, EPOCH);

        await().untilAsserted(() -> assertThat(consumers).hasValue(1));
        assertThat(followers).hasValue(1);
    }

    @Test
    void aReaderWithRecordsThatTheLeaderLacksLearnsWhereItsEpochEnds() {
        append("a");
        partition.tell(new Configure(LogConfig.DEFAULT, role(EPOCH + 2, 2, Set.of(2), 1)));
        append("b");

        ReadResult longer = done(read(TWO, 2, EPOCH, EPOCH + 2));
        ReadResult unknown = done(read(TWO, 2, EPOCH + 1, EPOCH + 2));

        assertThat(longer.diverging()).isEqualTo(new EpochEndOffset(EPOCH, 1));
        assertThat(longer.records().size()).isZero();
        assertThat(unknown.diverging()).isEqualTo(new EpochEndOffset(EPOCH, 1));
        assertThat(done(read(TWO, 1, EPOCH, EPOCH + 2)).diverging()).isNull();
        assertThat(done(read(THREE, 3, EPOCH + 2, EPOCH + 2)).diverging()).isEqualTo(new EpochEndOffset(EPOCH + 2, 2));
        assertThat(done(read(TWO, 2, EPOCH + 2, EPOCH + 2)).diverging()).isNull();
    }

    @Test
    void aFollowerWithOtherRecordsDoesNotMoveTheHighWatermark() {
        lead(2, Set.of(2), 1);
        append("a");
        partition.tell(new Configure(LogConfig.DEFAULT, role(EPOCH + 1, 3, Set.of(2), 1)));
        append("b");

        done(read(TWO, 2, EPOCH, EPOCH + 1));

        assertThat(consumed(0)).isEmpty();
        assertThat(done(read(TWO, 2, EPOCH + 1, EPOCH + 1)).highWatermark()).isEqualTo(2);
        assertThat(consumed(0)).containsExactly("a", "b");
    }

    @Test
    void anOffsetThatTheLeaderDoesNotHaveIsOutOfRange() {
        append("a");

        assertThatThrownBy(() -> fetched(TWO, 2, NONE)).hasCauseInstanceOf(OffsetOutOfRangeException.class);
        assertThatThrownBy(() -> fetched(TWO, 1, EPOCH + 1)).hasCauseInstanceOf(OffsetOutOfRangeException.class);
        fetched(THREE, 1, EPOCH);
        assertThat(consumed(0)).isEmpty();
    }

    @Test
    void onlyReplicasInThePresentEpochMayFetch() {
        Follower stranger = new Follower(4, 40);

        assertThatThrownBy(() -> done(read(TWO, 0, NONE, EPOCH - 1)))
                .hasCauseInstanceOf(FencedLeaderEpochException.class);
        assertThatThrownBy(() -> done(read(TWO, 0, NONE, EPOCH + 1)))
                .hasCauseInstanceOf(UnknownLeaderEpochException.class);
        assertThatThrownBy(() -> done(read(stranger, 0, NONE, EPOCH)))
                .hasCauseInstanceOf(UnknownLeaderEpochException.class);
        assertThatThrownBy(() -> done(read(stranger, 0, NONE, NONE)))
                .hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        assertThatThrownBy(() -> done(read(new Follower(2, 19), 0, NONE, EPOCH)))
                .hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        partition.tell(new Configure(LogConfig.DEFAULT, new Role.Follow(2, EPOCH + 1)));
        assertThatThrownBy(() -> done(read(TWO, 0, NONE, EPOCH + 1)))
                .hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        assertThatThrownBy(() -> done(read(TWO, 0, NONE, EPOCH))).hasCauseInstanceOf(FencedLeaderEpochException.class);
    }

    @Test
    void aFollowerThatHasCaughtUpJoinsTheIsrAndIsWaitedForFromThenOn() throws InterruptedException {
        lead(2, Set.of(2), 1);
        append("a");
        fetched(TWO, 1, EPOCH);
        fetched(THREE, 1, EPOCH);

        AskedIsr request = asked();
        assertThat(request.change()).isEqualTo(new Change(new Uuid(1, 2), 0, EPOCH, 2, Map.of(2, 20L, 3, 30L)));
        CompletableFuture<AppendResult> write = append("b");
        fetched(TWO, 2, EPOCH);
        assertThat(write).isNotDone();
        request.result().complete(new Result(Errors.NONE, 3, Set.of(2, 3)));
        now.addAndGet(LAG + 1);
        assertThat(fetched(TWO, 2, EPOCH).highWatermark()).isEqualTo(1);

        fetched(THREE, 2, EPOCH);

        assertThat(done(write).baseOffset()).isEqualTo(1);
        assertThat(asked).isEmpty();
    }

    @Test
    void aFollowerThatLagsTooLongLeavesTheIsrAndIsWaitedForUntilTheControllerAgrees() throws InterruptedException {
        CompletableFuture<AppendResult> write = append("a");
        fetched(TWO, 1, EPOCH);
        now.addAndGet(LAG);
        partition.tell(CheckInSync.NOW);
        fetched(TWO, 1, EPOCH);
        assertThat(asked).isEmpty();

        now.incrementAndGet();
        partition.tell(CheckInSync.NOW);

        AskedIsr request = asked();
        assertThat(request.change().others()).isEqualTo(Map.of(2, 20L));
        assertThat(fetched(TWO, 1, EPOCH).highWatermark()).isZero();
        request.result().complete(new Result(Errors.NONE, 2, Set.of(2)));
        assertThat(done(write).baseOffset()).isZero();
    }

    @Test
    void aFollowerThatHadAllRecordsHasTheWholeLagTimeForTheNextOnes() throws InterruptedException {
        append("a");
        fetched(TWO, 1, EPOCH);
        fetched(THREE, 1, EPOCH);
        now.addAndGet(10 * LAG);
        append("b");
        partition.tell(CheckInSync.NOW);
        fetched(TWO, 2, EPOCH);
        assertThat(asked).isEmpty();

        now.addAndGet(LAG + 1);
        partition.tell(CheckInSync.NOW);

        assertThat(asked().change().others()).isEqualTo(Map.of(2, 20L));
    }

    @Test
    void aRefusedFollowerIsTriedAgain() throws InterruptedException {
        lead(2, Set.of(2), 1);
        fetched(TWO, 0, NONE);
        fetched(THREE, 0, NONE);
        asked().result().complete(new Result(Errors.INELIGIBLE_REPLICA, -1, Set.of()));

        await().until(() -> {
            fetched(THREE, 0, NONE);
            return !asked.isEmpty();
        });
        asked().result().complete(new Result(Errors.UNKNOWN_SERVER_ERROR, -1, Set.of()));
        partition.tell(CheckInSync.NOW);
        assertThat(asked().change().others()).isEqualTo(Map.of(2, 20L, 3, 30L));
    }

    @Test
    void theAnswerToAnEarlierCopyOfAChangeDoesNotCount() throws InterruptedException {
        lead(2, Set.of(2), 1);
        fetched(THREE, 0, NONE);
        AskedIsr first = asked();
        partition.tell(CheckInSync.NOW);
        AskedIsr second = asked();

        first.result().complete(new Result(Errors.INELIGIBLE_REPLICA, -1, Set.of()));
        second.result().complete(new Result(Errors.NONE, 3, Set.of(2, 3)));
        fetched(THREE, 0, NONE);
        CompletableFuture<AppendResult> write = append("a");
        now.addAndGet(LAG + 1);
        fetched(TWO, 1, EPOCH);

        assertThat(write).isNotDone();
        assertThat(asked).isEmpty();
    }

    private ActorRef<PartitionCommand> start(Executor blocking, Mode flush) {
        LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(100), LogFiles.disk());
        InSyncRules rules = new InSyncRules(now::get, LAG, broker -> OptionalLong.of(broker * 10L));
        Path directory = directory(flush);
        return KIT.spawn(PartitionActor.create(
                new PartitionSetup(
                        new PartitionDirectory(
                                OneDisk.of(directory, environment, blocking),
                                new TopicPartition("orders", 0),
                                new Uuid(1, 2)),
                        () -> CompletableFuture.completedFuture(null),
                        () -> CompletableFuture.completedFuture(null),
                        new FlushSettings(flush, Duration.ofSeconds(1), 1 << 20),
                        Compactions.of(KIT.system().ignoreRef()),
                        new ReplicationSetup(rules, this::ask),
                        ProducerLimit.none(),
                        new BrokerCounters()),
                new Configure(LogConfig.DEFAULT, role(EPOCH, 1, Set.of(2, 3), 1)),
                new AtomicLong(),
                new Resends(() -> 0),
                new OpenTries(offline -> {}),
                KIT.<TopicsCommand>createTestProbe().getRef()));
    }

    private Path directory(Mode flush) {
        try {
            return Files.createDirectories(dir.resolve(flush.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CompletableFuture<Result> ask(Change change) {
        AskedIsr request = new AskedIsr(change, new CompletableFuture<>());
        asked.add(request);
        return request.result();
    }

    private AskedIsr asked() throws InterruptedException {
        AskedIsr request = asked.poll(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(request).as("a request for another ISR").isNotNull();
        return request;
    }

    private void lead(int partitionEpoch, Set<Integer> inSync, int minInSync) {
        partition.tell(new Configure(LogConfig.DEFAULT, role(EPOCH, partitionEpoch, inSync, minInSync)));
    }

    private static Role role(int epoch, int partitionEpoch, Set<Integer> inSync, int minInSync) {
        return new Role.Lead(epoch, partitionEpoch, Set.of(2, 3), inSync, Set.of(), minInSync);
    }

    /** Returns when the record is in the log; the reply may come later. */
    private CompletableFuture<AppendResult> append(String value) {
        long end = logEnd();
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        partition.tell(new Append(Records.batch(value), Acks.ALL, reply));
        await().until(() -> logEnd() == end + 1);
        return reply;
    }

    private long logEnd() {
        CompletableFuture<Description> reply = new CompletableFuture<>();
        partition.tell(new Describe(reply));
        return done(reply).logEndOffset();
    }

    private ReadResult fetched(Follower follower, long offset, int lastEpoch) {
        return done(read(follower, offset, lastEpoch, EPOCH));
    }

    private CompletableFuture<ReadResult> read(Follower follower, long offset, int lastEpoch, int leaderEpoch) {
        CompletableFuture<ReadResult> reply = new CompletableFuture<>();
        Read read = new Read(offset, 1 << 20, true, Isolation.LOG_END, leaderEpoch, lastEpoch, reply);
        partition.tell(new FollowerRead(read, follower, 0));
        return reply;
    }

    private List<String> consumed(long offset) {
        CompletableFuture<ReadResult> reply = new CompletableFuture<>();
        partition.tell(new Read(offset, 1 << 20, true, NONE, reply));
        return Records.values(done(reply).records());
    }

    private CompletableFuture<Deleted> delete(long offset) {
        CompletableFuture<Deleted> deletion = new CompletableFuture<>();
        partition.tell(new DeleteRecords(offset, deletion));
        return deletion;
    }

    /** The follower has all records, the last one of {@code EPOCH}, and its log starts at {@code logStart}. */
    private void startsAt(Follower follower, int leaderEpoch, long logStart) {
        CompletableFuture<ReadResult> reply = new CompletableFuture<>();
        Read read = new Read(logEnd(), 1 << 20, true, Isolation.LOG_END, leaderEpoch, EPOCH, reply);
        partition.tell(new FollowerRead(read, follower, logStart));
        done(reply);
    }

    private CompletableFuture<Long> latest(Isolation isolation) {
        CompletableFuture<Optional<TimestampOffset>> reply = new CompletableFuture<>();
        partition.tell(new FindOffset(OffsetSpec.Edge.LATEST, isolation, NONE, reply));
        return reply.thenApply(found -> found.orElseThrow().offset());
    }

    private AtomicLong watch(Isolation isolation) {
        return watch(isolation, 0, 0);
    }

    private AtomicLong watch(Isolation isolation, long end, long logStart) {
        AtomicLong wakes = new AtomicLong();
        partition.tell(new Watch(isolation, end, logStart, new Watcher(Runnable::run, wakes::incrementAndGet)));
        return wakes;
    }
}
