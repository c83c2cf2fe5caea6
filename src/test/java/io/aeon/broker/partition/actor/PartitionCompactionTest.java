package io.aeon.broker.partition.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.typed.ActorRef;
import io.aeon.PatientWaits;
import io.aeon.broker.ActorKits;
import io.aeon.broker.disk.BreakableFiles;
import io.aeon.broker.disk.DiskSpace;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.Compact;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.cleaning.Compactions;
import io.aeon.broker.partition.cleaning.LogCleaner;
import io.aeon.broker.partition.cleaning.LogCleaner.Report;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.config.FlushSettings;
import io.aeon.config.FlushSettings.Mode;
import io.aeon.counters.BrokerCounters;
import io.aeon.replication.Resends;
import io.aeon.storage.compaction.CompactionConfig;
import io.aeon.storage.compaction.CompactionNeed;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.LogSummary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compaction of a partition, step by step. */
class PartitionCompactionTest {
    private static final ActorTestKit KIT = ActorKits.create();
    private static final TopicPartition PARTITION = new TopicPartition("latest", 0);
    private static final LogConfig CONFIG = new LogConfig(150, Long.MAX_VALUE, 4096, 1 << 20, -1, -1, 0, false, 0)
            .with(new CompactionConfig(true, 0.5, 0, Long.MAX_VALUE, 1000));

    private final HeldExecutor held = new HeldExecutor();
    private final BreakableFiles disk = new BreakableFiles();
    private final TestInbox<LogCleaner.Command> cleaner = TestInbox.create();
    private final DiskSpace space = new DiskSpace(1000);

    @TempDir
    private Path dir;

    private ActorRef<PartitionCommand> partition;

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @BeforeEach
    void startInSync() {
        start(Mode.SYNC, CONFIG);
    }

    private void start(Mode mode, LogConfig config) {
        LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(10), disk.files());
        partition = KIT.spawn(PartitionActor.create(
                new PartitionSetup(
                        new PartitionDirectory(OneDisk.of(dir, environment, space, held), PARTITION, new Uuid(1, 2)),
                        () -> CompletableFuture.completedFuture(null),
                        () -> CompletableFuture.completedFuture(null),
                        new FlushSettings(mode, Duration.ofSeconds(1), 1 << 20),
                        Compactions.of(cleaner.getRef()),
                        NoFollowers.SETUP,
                        ProducerLimit.none(),
                        new BrokerCounters()),
                new Configure(config, Role.Lead.alone(0)),
                new AtomicLong(),
                new Resends(() -> 0),
                new OpenTries(offline -> {}),
                KIT.<TopicsCommand>createTestProbe().getRef()));
        held.runOne();
    }

    @Test
    void itReportsThatItIsDirtyAndServesWhileItIsCompacted() {
        append("a=1", "b=1");
        append("a=2", "c=1");
        append("c=2");
        assertThat(reported().isDue()).isTrue();

        CompletableFuture<CompactionNeed> compacted = compact();
        held.awaitOne();
        CompletableFuture<AppendResult> appended = tellAppend("d=1");
        await().until(() -> held.held() == 2);
        held.runOne();
        held.runOne();
        assertThat(appended).succeedsWithin(PatientWaits.LIMIT);
        assertThat(compacted).isNotDone();
        runUntil(compacted);

        assertThat(compacted.join().isDue()).isFalse();
        assertThat(values()).containsExactly("b=1", "a=2", "c=2", "d=1");
        append("e=1");
        assertThat(values()).endsWith("d=1", "e=1");
        end();
    }

    @Test
    void inOsAFullSegmentCanBeCompactedAtOnce() {
        end();
        start(Mode.OS, CONFIG);
        append("a=1", "b=1");
        append("a=2", "c=1");

        assertThat(reported().isDue()).isTrue();
        end();
    }

    @Test
    void aLowerRatioIsNoticedAtOnce() {
        end();
        start(Mode.SYNC, CONFIG.with(new CompactionConfig(true, 1, 0, Long.MAX_VALUE, 1000)));
        append("a=1", "b=1");
        append("a=2", "c=1");
        values();
        held.runAll();
        cleaner.getAllReceived();

        partition.tell(new Configure(CONFIG, Role.Lead.alone(0)));

        assertThat(reported().isDue()).isTrue();
        end();
    }

    @Test
    void withLittleSpaceCompactionWaits() {
        append("a=1", "b=1");
        append("a=2", "c=1");
        append("c=2");
        append("d=1");
        space.measured(10);

        CompletableFuture<CompactionNeed> refused = compact();
        runUntil(refused);
        assertThatThrownBy(refused::join).hasMessageContaining("too little free space");
        assertThat(values()).containsExactly("a=1", "b=1", "a=2", "c=1", "c=2", "d=1");

        space.measured(1 << 20);
        CompletableFuture<CompactionNeed> compacted = compact();
        runUntil(compacted);
        assertThat(compacted).isCompleted();
        assertThat(values()).containsExactly("b=1", "a=2", "c=2", "d=1");
        end();
    }

    @Test
    void damageFailsThePassButNotThePartition() throws IOException {
        append("a=1", "b=1");
        append("a=2", "c=1");
        append("c=2");
        Path log = dir.resolve("latest-0").resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(log);
        bytes[bytes.length - 1] ^= 1;
        Files.write(log, bytes);

        CompletableFuture<CompactionNeed> compacted = compact();
        runUntil(compacted);

        assertThatThrownBy(compacted::join).hasCauseInstanceOf(StorageException.class);
        append("d=1");
        end();
    }

    @Test
    void anEndFailsThePassAndWaitsForIt() {
        append("a=1", "b=1");
        append("a=2", "c=1");
        append("c=2");
        CompletableFuture<CompactionNeed> compacted = compact();

        end();

        assertThatThrownBy(compacted::join).isInstanceOf(RuntimeException.class);
    }

    @Test
    void anEndLeavesNoPreparedSegment() {
        append("a=1", "b=1");
        append("a=2", "c=1");
        append("c=2");
        append("d=1");
        CompletableFuture<CompactionNeed> compacted = compact();
        CompletableFuture<Optional<LogSummary>> closed = new CompletableFuture<>();
        Path prepared = dir.resolve("latest-0").resolve("00000000000000000000.log.swap");
        while (!Files.exists(prepared)) {
            held.runOne();
        }

        partition.tell(new End(false, closed));
        runUntil(closed);

        assertThat(compacted).isDone();
        assertThat(prepared).doesNotExist();
    }

    @Test
    void anEndBeforeThePassIsCreatedLeavesNoPreparedSegment() {
        append("a=1", "b=1");
        append("a=2", "c=1");
        append("c=2");
        append("d=1");
        CompletableFuture<CompactionNeed> compacted = compact();
        CompletableFuture<Optional<LogSummary>> closed = new CompletableFuture<>();

        partition.tell(new End(false, closed));
        await().until(compacted::isDone);
        runUntil(closed);

        assertThat(dir.resolve("latest-0").resolve("00000000000000000000.log.swap"))
                .doesNotExist();
    }

    private void append(String... records) {
        CompletableFuture<AppendResult> reply = tellAppend(records);
        runUntil(reply);
        reply.join();
    }

    private CompletableFuture<AppendResult> tellAppend(String... records) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        partition.tell(new Append(Records.keyed(records), Acks.ALL, reply));
        return reply;
    }

    private CompletableFuture<CompactionNeed> compact() {
        CompletableFuture<CompactionNeed> reply = new CompletableFuture<>();
        partition.tell(new Compact(false, reply));
        return reply;
    }

    private CompactionNeed reported() {
        long deadline = System.nanoTime() + PatientWaits.LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            held.runAll();
            for (LogCleaner.Command command : cleaner.getAllReceived()) {
                CompactionNeed need = ((Report) command).need();
                if (need.isDue()) {
                    return need;
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("nobody reported that the partition is due");
    }

    private List<String> values() {
        List<String> all = new ArrayList<>();
        long next = 0;
        while (true) {
            CompletableFuture<ReadResult> reply = new CompletableFuture<>();
            partition.tell(new Read(next, 1 << 20, true, -1, reply));
            runUntil(reply);
            LogSlice slice = reply.join().records();
            byte[] bytes = new byte[slice.size()];
            slice.copyTo(bytes, 0);
            slice.close();
            if (bytes.length == 0) {
                return all;
            }
            for (RecordBatch batch :
                    MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
                batch.forEach(record -> all.add(Utils.utf8(record.key()) + "=" + Utils.utf8(record.value())));
                next = batch.nextOffset();
            }
        }
    }

    private void end() {
        CompletableFuture<Optional<LogSummary>> closed = new CompletableFuture<>();
        partition.tell(new End(false, closed));
        runUntil(closed);
    }

    private void runUntil(CompletableFuture<?> done) {
        long deadline = System.nanoTime() + PatientWaits.LIMIT.toNanos();
        while (!done.isDone() && System.nanoTime() < deadline) {
            held.runAll();
            Thread.onSpinWait();
        }
        assertThat(done).isDone();
    }
}
