package io.aeon.broker.partition.actor;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.ActorRef;
import io.aeon.broker.ActorKits;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.mailbox.DeadLetters;
import io.aeon.broker.partition.OffsetSpec;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.AppendAsFollower;
import io.aeon.broker.partition.PartitionCommand.DeleteRecords;
import io.aeon.broker.partition.PartitionCommand.Deleted;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.FindEpochEnd;
import io.aeon.broker.partition.PartitionCommand.FindOffset;
import io.aeon.broker.partition.PartitionCommand.FindPosition;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionCommand.Truncate;
import io.aeon.broker.partition.PartitionCommand.Watch;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.PartitionEvent.Housekeep;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.Truncation;
import io.aeon.broker.partition.Watcher;
import io.aeon.broker.partition.cleaning.Compactions;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.config.FlushSettings;
import io.aeon.config.FlushSettings.Mode;
import io.aeon.counters.BrokerCounters;
import io.aeon.replication.EpochEnd;
import io.aeon.replication.LogPosition;
import io.aeon.replication.Resends;
import io.aeon.storage.file.FaultyFiles;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.LogSummary;
import io.aeon.storage.segment.EpochEndOffset;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partition that leads, follows and leads again. */
class PartitionRoleTest {
    private static final ActorTestKit KIT = ActorKits.withManualTime();
    private static final LogConfig SMALL_SEGMENTS =
            new LogConfig(400, Long.MAX_VALUE, 100, 1 << 20, -1, -1, 0, true, Long.MAX_VALUE);
    private static final long PRODUCER = 7;
    private static final int STEPS = 60;

    private final FaultyFiles files = new FaultyFiles();
    private final HeldExecutor held = new HeldExecutor();
    private AtomicLong highWatermark = new AtomicLong();
    private int epoch = 1;

    @TempDir
    private Path dir;

    /** A record in a log. */
    private record Entry(String value, int epoch) {}

    static {
        DeadLetters.answer(KIT.system());
    }

    @AfterAll
    static void stopKit() {
        KIT.shutdownTestKit();
    }

    @Test
    void aLeaderThatBecomesAFollowerRefusesWritesAtOnce() {
        ActorRef<PartitionCommand> partition = start(held);
        held.runOne();
        CompletableFuture<AppendResult> pending = append(partition, batch(0, "a"));
        held.runOne();
        await().until(() -> done(describe(partition)).logEndOffset() == 1);
        AtomicLong wakes = new AtomicLong();
        partition.tell(new Watch(Isolation.UNCOMMITTED, 0, 0, new Watcher(Runnable::run, wakes::incrementAndGet)));

        follow(partition);

        assertThatThrownBy(() -> done(pending)).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        await().untilAsserted(() -> assertThat(wakes).hasValue(1));
        assertThatThrownBy(() -> done(append(partition, batch(1, "b"))))
                .hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        CompletableFuture<Deleted> deleted = new CompletableFuture<>();
        partition.tell(new DeleteRecords(-1, deleted));
        assertThatThrownBy(() -> done(deleted)).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        CompletableFuture<Optional<?>> latest = latest(partition);
        assertThatThrownBy(() -> done(latest)).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        held.runAll();
    }

    @Test
    void aLeaderThatBecomesAFollowerDuringMaintenanceRefusesWritesAtOnce() {
        ActorRef<PartitionCommand> partition = start(held);
        held.runOne();
        CompletableFuture<AppendResult> pending = append(partition, batch(0, "a"));
        held.runOne();
        await().until(() -> done(describe(partition)).logEndOffset() == 1);
        partition.tell(Housekeep.NOW);
        CompletableFuture<AppendResult> waiting = append(partition, batch(1, "b"));

        follow(partition);

        assertThatThrownBy(() -> done(pending)).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        held.runAll();
        assertThatThrownBy(() -> done(waiting)).hasCauseInstanceOf(NotLeaderOrFollowerException.class);
        assertThat(done(describe(partition)).logEndOffset()).isEqualTo(1);
    }

    @Test
    void aFollowerHasItsLeadersBatchesAndServesThoseBelowTheHighWatermark() {
        ActorRef<PartitionCommand> partition = start(Runnable::run);
        follow(partition);

        done(copy(partition, 0, List.of("a", "b"), epoch, 0));
        assertThat(values(partition)).isEmpty();
        done(copy(partition, 2, List.of("c"), epoch, 2));

        assertThat(values(partition)).containsExactly("a", "b");
        assertThat(done(describe(partition)).highWatermark()).isEqualTo(2);
        assertThat(done(describe(partition)).logEndOffset()).isEqualTo(3);
        lead(partition);
        assertThat(values(partition)).containsExactly("a", "b", "c");
        assertThat(done(append(partition, batch(3, "d"))).baseOffset()).isEqualTo(3);
        assertThat(content(partition))
                .containsExactly(
                        new Entry("a", epoch - 1),
                        new Entry("b", epoch - 1),
                        new Entry("c", epoch - 1),
                        new Entry("d", epoch));
        stop(partition);
    }

    @Test
    void batchesOfAnotherLeaderAreRefused() {
        ActorRef<PartitionCommand> partition = start(Runnable::run);
        follow(partition);

        assertThatThrownBy(() -> done(copy(partition, 0, List.of("a"), epoch - 1, 0)))
                .hasCauseInstanceOf(FencedLeaderEpochException.class);
        assertThatThrownBy(() -> done(truncate(partition, 0, epoch - 1)))
                .hasCauseInstanceOf(FencedLeaderEpochException.class);
        lead(partition);
        assertThatThrownBy(() -> done(truncate(partition, 0, epoch))).hasMessageContaining("leads");
        assertThat(done(describe(partition)).logEndOffset()).isZero();
        stop(partition);
    }

    @Test
    void aLeaderNotesItsEpochWhenItBeginsToLead() {
        ActorRef<PartitionCommand> partition = start(Runnable::run);
        done(append(partition, batch(0, "a")));

        lead(partition);

        CompletableFuture<EpochEndOffset> before = new CompletableFuture<>();
        partition.tell(new FindEpochEnd(epoch - 1, epoch, before));
        CompletableFuture<EpochEndOffset> now = new CompletableFuture<>();
        partition.tell(new FindEpochEnd(epoch, epoch, now));
        assertThat(done(before)).isEqualTo(new EpochEndOffset(epoch - 1, 1));
        assertThat(done(now)).isEqualTo(new EpochEndOffset(epoch, 1));
        stop(partition);
    }

    @Test
    void recordsAboveTheHighWatermarkAreNotReadAfterARestart() {
        ActorRef<PartitionCommand> partition = start(Runnable::run);
        done(append(partition, batch(0, "a")));
        done(append(partition, batch(1, "b")));
        stop(partition);
        highWatermark = new AtomicLong(1);

        ActorRef<PartitionCommand> again =
                start(Runnable::run, new Role.Lead(epoch, 1, Set.of(2), Set.of(2), Set.of(), 1));

        assertThat(values(again)).containsExactly("a");
        CompletableFuture<AppendResult> byAll = append(again, batch(2, "c"));
        again.tell(new Configure(SMALL_SEGMENTS, new Role.Lead(epoch, 2, Set.of(2), Set.of(), Set.of(), 1)));
        assertThat(done(byAll).baseOffset()).isEqualTo(2);
        assertThat(values(again)).containsExactly("a", "b", "c");
        stop(again);
    }

    @Test
    void aWriteToAllInSyncReplicasNeedsEnoughOfThem() {
        ActorRef<PartitionCommand> partition =
                start(Runnable::run, new Role.Lead(epoch, 1, Set.of(2, 3), Set.of(2), Set.of(), 3));

        assertThatThrownBy(() -> done(append(partition, batch(0, "a"))))
                .hasCauseInstanceOf(NotEnoughReplicasException.class);
        assertThat(done(describe(partition)).logEndOffset()).isZero();
        CompletableFuture<AppendResult> byLeader = new CompletableFuture<>();
        partition.tell(new Append(batch(0, "a"), Acks.LEADER, byLeader));
        assertThat(done(byLeader).baseOffset()).isZero();
        assertThat(done(describe(partition)).highWatermark()).isZero();

        partition.tell(new Configure(SMALL_SEGMENTS, new Role.Lead(epoch, 2, Set.of(2, 3), Set.of(2, 3), Set.of(), 3)));
        CompletableFuture<AppendResult> byAll = append(partition, batch(1, "b"));
        partition.tell(new Configure(SMALL_SEGMENTS, new Role.Lead(epoch, 3, Set.of(2, 3), Set.of(), Set.of(), 1)));
        assertThat(done(byAll).baseOffset()).isEqualTo(1);
        stop(partition);
    }

    @Test
    void aFollowerTellsWhereItsLogEndsAndRemovesWhatDiffersFromItsLeader() {
        ActorRef<PartitionCommand> partition = start(Runnable::run);
        follow(partition);
        int first = epoch;
        done(copy(partition, 0, List.of("a", "b"), first, 2));
        follow(partition);
        done(copy(partition, 2, List.of("c"), epoch, 2));
        assertThat(done(position(partition))).isEqualTo(new LogPosition(0, 3, epoch));

        LogPosition agreed = done(truncate(partition, new Truncation.ToEpochEnd(new EpochEnd(first, 2)), epoch));

        assertThat(agreed).isEqualTo(new LogPosition(0, 2, first));
        assertThat(done(truncate(partition, new Truncation.Before(1), epoch))).isEqualTo(new LogPosition(1, 2, first));
        assertThat(done(truncate(partition, new Truncation.Before(9), epoch)).start())
                .isEqualTo(2);
        assertThat(done(truncate(partition, new Truncation.Whole(40), epoch))).isEqualTo(new LogPosition(40, 40, -1));
        await().until(() -> done(describe(partition)).highWatermark() == 40);
        done(copy(partition, 40, List.of("d"), epoch, 41));
        assertThat(done(position(partition))).isEqualTo(new LogPosition(40, 41, epoch));
        stop(partition);
    }

    @Test
    void inSyncAFollowerTellsItsEndWhenItIsDurable() {
        ActorRef<PartitionCommand> partition = start(held);
        held.runOne();
        append(partition, batch(0, "a"));
        held.runOne();
        await().until(() -> done(describe(partition)).logEndOffset() == 1);
        follow(partition);

        CompletableFuture<LogPosition> position = position(partition);
        assertThat(done(describe(partition)).logEndOffset()).isEqualTo(1);
        assertThat(position).isNotDone();

        held.runAll();
        assertThat(done(position).end()).isEqualTo(1);
    }

    @Test
    void truncatedAtEveryOffsetOfTheLastThreeBatches() {
        for (long offset = 4; offset <= 10; offset++) {
            ActorRef<PartitionCommand> partition = start(Runnable::run);
            done(truncatedToNothing(partition));
            lead(partition);
            List<Entry> model = new ArrayList<>();
            for (int base : List.of(0, 2, 4, 6, 8)) {
                done(append(partition, batch(base, "v" + base, "v" + (base + 1))));
                model.add(new Entry("v" + base, epoch));
                model.add(new Entry("v" + (base + 1), epoch));
            }
            follow(partition);

            long end = done(truncate(partition, offset, epoch));

            assertThat(end).isEqualTo(offset - offset % 2);
            model = new ArrayList<>(model.subList(0, (int) end));
            done(copy(partition, end, List.of("x", "y"), epoch, end + 2));
            model.add(new Entry("x", epoch));
            model.add(new Entry("y", epoch));
            assertThat(content(partition)).as("truncated to %s", offset).isEqualTo(model);
            lead(partition);
            done(append(partition, batch((int) end + 2, "z")));
            model.add(new Entry("z", epoch));
            stop(partition);
            ActorRef<PartitionCommand> again = start(Runnable::run);
            assertThat(content(again))
                    .as("truncated to %s, opened again", offset)
                    .isEqualTo(model);
            stop(again);
        }
    }

    @Test
    void aLogThatIsOpenedAfterItsActorHasStoppedIsClosed() {
        ActorRef<PartitionCommand> before = start(Runnable::run);
        for (int sequence = 0; sequence < 9; sequence++) {
            done(append(before, batch(sequence, "a")));
        }
        files.dieAfter(0);
        KIT.stop(before);
        files.crash(new Random(1));
        ActorRef<PartitionCommand> partition = start(held);
        held.awaitOne();
        KIT.stop(partition);
        assertThat(files.openFiles()).isZero();

        held.runOne();
        assertThat(files.openFiles()).isPositive();

        held.runOne();
        assertThat(files.openFiles()).isZero();
    }

    /** Random changes of role with power failures at random operations; no acknowledged record is lost. */
    @RepeatedTest(10)
    void changesOfRoleUnderLoadWithPowerCuts() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        ActorRef<PartitionCommand> partition = start(Runnable::run);
        List<Entry> model = new ArrayList<>();
        boolean leads = true;
        for (int step = 0; step < STEPS; step++) {
            String when = "seed " + seed + ", step " + step;
            if (random.nextInt(8) == 0) {
                files.dieAfter(random.nextInt(12));
            }
            int kept = model.size();
            List<Entry> tried = new ArrayList<>(model);
            try {
                switch (random.nextInt(4)) {
                    case 0 -> {
                        leads = random.nextBoolean();
                        if (leads) {
                            lead(partition);
                        } else {
                            follow(partition);
                        }
                        answered(describe(partition));
                    }
                    case 1 -> {
                        if (!leads) {
                            long offset = Math.max(0, model.size() - random.nextInt(6));
                            kept = (int) Math.max(0, offset - 2);
                            long end = answered(truncate(partition, offset, epoch));
                            model = new ArrayList<>(model.subList(0, (int) end));
                            kept = model.size();
                            tried = new ArrayList<>(model);
                        }
                    }
                    default -> {
                        List<String> values = random.nextBoolean() ? List.of("v" + step) : List.of("v" + step, "w");
                        for (String value : values) {
                            tried.add(new Entry(value, epoch));
                        }
                        long end = answered(
                                leads
                                        ? append(partition, batch(kept, values.toArray(String[]::new)))
                                                .thenApply(appended -> appended.lastOffset() + 1)
                                        : copy(partition, kept, values, epoch, kept));
                        assertThat(end).as(when).isEqualTo(kept + values.size());
                        model = new ArrayList<>(tried);
                    }
                }
            } catch (CompletionException e) {
                assertThat(files.isDead()).as(when + ": " + e).isTrue();
            }
            if (files.isDead()) {
                KIT.stop(partition);
                await().until(() -> files.openFiles() == 0);
                files.crash(random);
                partition = start(Runnable::run, leads ? Role.Lead.alone(epoch) : new Role.Follow(2, epoch));
                if (!leads) {
                    lead(partition);
                    leads = true;
                }
                List<Entry> found = content(partition);
                assertThat(found.size()).as(when).isBetween(Math.min(kept, model.size()), tried.size());
                assertThat(tried.subList(0, found.size())).as(when).isEqualTo(found);
                model = new ArrayList<>(found);
            }
        }
        files.dieAfter(Integer.MAX_VALUE);
        lead(partition);
        assertThat(content(partition)).as("seed " + seed).isEqualTo(model);
        stop(partition);
        await().untilAsserted(
                        () -> assertThat(files.openFiles()).as("seed " + seed).isZero());
    }

    /** The reply. A log that a dead process opens is tried again after a while, and offline after some tries. */
    private <T> T answered(CompletableFuture<T> reply) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(() -> {
            if (files.isDead()) {
                ManualTime.get(KIT.system()).timePasses(Duration.ofSeconds(10));
            }
            return reply.isDone();
        });
        return reply.join();
    }

    private ActorRef<PartitionCommand> start(Executor blocking) {
        return start(blocking, Role.Lead.alone(epoch));
    }

    private ActorRef<PartitionCommand> start(Executor blocking, Role role) {
        LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(100), files);
        return KIT.spawn(PartitionActor.create(
                new PartitionSetup(
                        new PartitionDirectory(
                                OneDisk.of(dir, environment, blocking),
                                new TopicPartition("orders", 3),
                                new Uuid(1, 2)),
                        () -> CompletableFuture.completedFuture(null),
                        () -> CompletableFuture.completedFuture(null),
                        new FlushSettings(Mode.SYNC, Duration.ofSeconds(1), 1 << 20),
                        Compactions.of(KIT.system().ignoreRef()),
                        NoFollowers.SETUP,
                        ProducerLimit.none(),
                        new BrokerCounters()),
                new Configure(SMALL_SEGMENTS, role),
                highWatermark,
                new Resends(() -> 0),
                new OpenTries(offline -> {}),
                KIT.<TopicsCommand>createTestProbe().getRef()));
    }

    private void lead(ActorRef<PartitionCommand> partition) {
        partition.tell(new Configure(SMALL_SEGMENTS, Role.Lead.alone(++epoch)));
    }

    private void follow(ActorRef<PartitionCommand> partition) {
        partition.tell(new Configure(SMALL_SEGMENTS, new Role.Follow(2, ++epoch)));
    }

    private static void stop(ActorRef<PartitionCommand> partition) {
        CompletableFuture<Optional<LogSummary>> closed = new CompletableFuture<>();
        partition.tell(new End(false, closed));
        done(closed);
        KIT.createTestProbe().expectTerminated(partition);
    }

    private CompletableFuture<Long> truncatedToNothing(ActorRef<PartitionCommand> partition) {
        follow(partition);
        return truncate(partition, 0, epoch);
    }

    /** Continues one producer's sequence; refused if the log does not contain all earlier records. */
    private static ByteBuffer batch(int sequence, String... values) {
        return batch(0, sequence, 0, List.of(values));
    }

    private static ByteBuffer batch(long offset, int sequence, int leaderEpoch, List<String> values) {
        SimpleRecord[] records = values.stream()
                .map(value -> new SimpleRecord(1_700_000_000_000L, Utils.utf8(value)))
                .toArray(SimpleRecord[]::new);
        ByteBuffer buffer = MemoryRecords.withIdempotentRecords(
                        offset, Compression.NONE, PRODUCER, (short) 0, sequence, leaderEpoch, records)
                .buffer();
        return ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
    }

    private static CompletableFuture<AppendResult> append(ActorRef<PartitionCommand> partition, ByteBuffer batch) {
        return ask(partition, reply -> new Append(batch, Acks.ALL, reply));
    }

    private static CompletableFuture<Long> copy(
            ActorRef<PartitionCommand> partition, long offset, List<String> values, int leaderEpoch, long seen) {
        ByteBuffer batch = batch(offset, (int) offset, leaderEpoch, values);
        return PartitionRoleTest.<LogPosition>ask(
                        partition, reply -> new AppendAsFollower(batch, leaderEpoch, seen, reply))
                .thenApply(LogPosition::end);
    }

    private static CompletableFuture<Long> truncate(
            ActorRef<PartitionCommand> partition, long offset, int leaderEpoch) {
        return truncate(partition, new Truncation.ToOffset(offset), leaderEpoch).thenApply(LogPosition::end);
    }

    private static CompletableFuture<LogPosition> truncate(
            ActorRef<PartitionCommand> partition, Truncation truncation, int leaderEpoch) {
        return ask(partition, reply -> new Truncate(truncation, leaderEpoch, reply));
    }

    private CompletableFuture<LogPosition> position(ActorRef<PartitionCommand> partition) {
        return ask(partition, reply -> new FindPosition(epoch, reply));
    }

    private static CompletableFuture<PartitionCommand.Description> describe(ActorRef<PartitionCommand> partition) {
        return ask(partition, Describe::new);
    }

    private static CompletableFuture<Optional<?>> latest(ActorRef<PartitionCommand> partition) {
        return PartitionRoleTest.<Optional<io.aeon.storage.log.TimestampOffset>>ask(
                        partition, reply -> new FindOffset(OffsetSpec.Edge.LATEST, -1, reply))
                .thenApply(found -> found);
    }

    private static <T> CompletableFuture<T> ask(
            ActorRef<PartitionCommand> partition, Function<CompletableFuture<T>, PartitionCommand> command) {
        CompletableFuture<T> reply = new CompletableFuture<>();
        partition.tell(command.apply(reply));
        return reply;
    }

    private static List<String> values(ActorRef<PartitionCommand> partition) {
        return content(partition).stream().map(Entry::value).toList();
    }

    private static List<Entry> content(ActorRef<PartitionCommand> partition) {
        List<Entry> entries = new ArrayList<>();
        while (true) {
            long offset = entries.size();
            ReadResult read = done(
                    PartitionRoleTest.<ReadResult>ask(partition, reply -> new Read(offset, 1 << 20, true, -1, reply)));
            if (read.records().size() == 0) {
                return entries;
            }
            addTo(entries, read.records());
        }
    }

    private static void addTo(List<Entry> entries, LogSlice slice) {
        try (slice) {
            byte[] bytes = new byte[slice.size()];
            slice.copyTo(bytes, 0);
            for (MutableRecordBatch batch :
                    MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
                for (Record record : batch) {
                    entries.add(new Entry(Utils.utf8(record.value()), batch.partitionLeaderEpoch()));
                }
            }
        }
    }
}
