package io.aeon.broker.partition.move;

import static io.aeon.PatientWaits.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import io.aeon.PatientWaits;
import io.aeon.broker.ActorKits;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.actor.Records;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.broker.partition.directory.ReplicaMove;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.LogSummary;
import io.aeon.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of a move of a partition with a record, while the controller is away. */
class MovingPartitionTest {
    private static final ActorTestKit KIT = ActorKits.create();

    /** The answers to the requests that record a directory. */
    private final BlockingQueue<CompletableFuture<Void>> recordings = new LinkedBlockingQueue<>();

    private final CompletableFuture<Boolean> moved = new CompletableFuture<>();
    private Disk source;
    private Disk target;
    private ActorRef<PartitionCommand> mover;

    @TempDir
    private Path dir;

    @AfterAll
    static void stopKit() {
        KIT.shutdownTestKit();
    }

    @BeforeEach
    void move() throws IOException {
        source = disk("source");
        target = disk("target");
        PartitionDirectory from = new PartitionDirectory(source, new TopicPartition("orders", 0), new Uuid(1, 2));
        from.claim();
        try (PartitionLog log = from.open(LogConfig.DEFAULT)) {
            log.append(Records.batch("value"), 0);
        }
        ReplicaMove move = new ReplicaMove(from, target, LogConfig.DEFAULT);
        mover = KIT.spawn(MovingPartition.create(move, directory -> recording(), moved));
        refuse();
    }

    private CompletableFuture<Void> recording() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        recordings.add(answer);
        return answer;
    }

    private void refuse() {
        await().until(() -> !recordings.isEmpty());
        recordings.remove().completeExceptionally(new TimeoutException("no controller"));
    }

    @Test
    void thePartitionGoesOnWhereItWasOnceTheMetadataNameThatDirectory() throws IOException {
        refuse();
        await().until(() -> !recordings.isEmpty());
        assertThat(moved).isNotDone();

        recordings.remove().complete(null);

        assertThat(done(moved)).isFalse();
        assertThat(entries(source)).containsExactly("orders-0");
        assertThat(entries(target)).isEmpty();
    }

    @Test
    void theMetadataAreNotAskedAgainAfterTheTopicIsDeleted() throws IOException {
        CompletableFuture<Optional<LogSummary>> removed = new CompletableFuture<>();
        mover.tell(new End(true, removed));
        CompletableFuture<Description> afterwards = new CompletableFuture<>();
        mover.tell(new Describe(afterwards));
        assertThat(afterwards).failsWithin(PatientWaits.LIMIT);

        refuse();

        done(removed);
        assertThat(entries(source)).isEmpty();
        assertThat(entries(target)).isEmpty();
    }

    @Test
    void theMetadataAreNotAskedAgainAfterTheStopOfTheBroker() throws IOException {
        KIT.stop(mover);

        refuse();

        assertThat(recordings).isEmpty();
        assertThat(entries(target)).as("the next start takes it, or removes it").hasSize(1);
    }

    private Disk disk(String name) throws IOException {
        return OneDisk.of(
                Files.createDirectory(dir.resolve(name)),
                new LogEnvironment(Clock.systemUTC(), new MapBudget(100), LogFiles.disk()),
                Runnable::run);
    }

    private static List<String> entries(Disk disk) throws IOException {
        try (Stream<Path> entries = Files.list(disk.directory())) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
