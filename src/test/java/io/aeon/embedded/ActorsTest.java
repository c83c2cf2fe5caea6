package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.PatientWaits;
import io.aeon.broker.FakeMetadata;
import io.aeon.broker.disk.BreakableFiles;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.actor.Records;
import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.MapBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** However the actors end: while a thread still uses a file, the data directory belongs to this broker. */
@Timeout(120)
class ActorsTest {
    private final BreakableFiles disk = new BreakableFiles();
    private final MapBudget open = new MapBudget(100);
    private final FakeMetadata metadata = new FakeMetadata();
    private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    private final OpenParts parts = new OpenParts();
    private Actors actors;

    @TempDir
    private Path dir;

    @AfterEach
    void end() {
        metadata.breakImage(0);
        disk.letGo();
        parts.close();
    }

    @Test
    void afterAFatalFaultALogIsClosedBeforeTheDirectoryIsFree() throws IOException {
        start("1m");
        append(0).join();
        disk.hang();
        breakTopics();

        theDirectoryIsFreeOnlyWhenTheDiskResponds();
    }

    @Test
    void afterAFatalFaultALogThatWasBeingOpenedIsClosedBeforeTheDirectoryIsFree() throws IOException {
        start("1m");
        append(0).join();
        disk.hangIn("exists");
        append(1);
        await().until(disk::holds);
        breakTopics();

        theDirectoryIsFreeOnlyWhenTheDiskResponds();
    }

    @Test
    void anOverdueStopLeavesTheDirectoryLocked() throws IOException {
        start("1ms");
        append(0).join();
        disk.hang();

        theDirectoryIsFreeOnlyWhenTheDiskResponds();
    }

    @Test
    void aStartThatEndsWhileTheDirectoryIsListedLeavesItLocked() throws IOException {
        disk.hangIn("list");
        start("1m");

        theDirectoryIsFreeOnlyWhenTheDiskResponds();
    }

    private void theDirectoryIsFreeOnlyWhenTheDiskResponds() throws IOException {
        CompletableFuture<Void> closed =
                CompletableFuture.runAsync(parts::close, task -> new Thread(task, "actors-test-close").start());
        assertThat(actors.ended().toCompletableFuture()).succeedsWithin(PatientWaits.LIMIT);
        await().until(disk::holds);

        assertThat(closed).isNotDone();
        assertThatThrownBy(() -> DataDirectory.claim(dir)).isInstanceOf(StartException.class);

        disk.letGo();
        assertThat(closed).succeedsWithin(PatientWaits.LIMIT);
        assertThat(open.used()).isZero();
        DataDirectory.claim(dir).close();
    }

    private void start(String stopTimeout) {
        metadata.dataDirectory(dir);
        metadata.add("orders", 100);
        parts.openedGround("data directory", DataDirectory.claim(dir));
        AeonSettings settings = AeonSettings.load(SettingsSources.given(
                Map.of("aeon.data-dir", dir.toString(), "aeon.log.flush", "os", "aeon.stop-timeout", stopTimeout)));
        actors = parts.opened(
                "actor system",
                Actors.start(
                        settings,
                        CompletableFuture.completedFuture(metadata.metadata()),
                        new LogEnvironment(Clock.systemUTC(), open, disk.files()),
                        MovableClock::machine,
                        fatal::complete));
        actors.services();
    }

    private CompletableFuture<?> append(int partition) {
        return tell(partition, new Append(Records.batch("a"), Acks.ALL, new CompletableFuture<>()));
    }

    /** The parent of the partitions fails until it counts as broken. */
    private void breakTopics() {
        metadata.breakImage(Integer.MAX_VALUE);
        var unused = tell(99, new Describe(new CompletableFuture<>()));
        assertThat(fatal).succeedsWithin(PatientWaits.LIMIT);
    }

    private CompletableFuture<?> tell(int partition, PartitionCommand.Request<?> command) {
        actors.services().partitions().tell(new TopicPartition("orders", partition), command);
        return command.reply();
    }
}
