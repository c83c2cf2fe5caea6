package io.aeon.broker.partition.actor;

import static io.aeon.PatientWaits.done;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionEvent.End;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.cleaning.Compactions;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.config.FlushSettings;
import io.aeon.config.FlushSettings.Mode;
import io.aeon.counters.BrokerCounters;
import io.aeon.replication.Resends;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.LogSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Starts and ends the partition {@code orders-0}, whose log stays in one directory. */
final class PartitionRig {
    private final ActorTestKit kit;
    private final Path directory;
    private final LogFiles files;
    private final AtomicLong highWatermark = new AtomicLong();
    private Executor blocking = Runnable::run;
    private ReplicationSetup replication = NoFollowers.SETUP;
    private Supplier<CompletableFuture<Void>> giveUp = () -> CompletableFuture.completedFuture(null);

    PartitionRig(ActorTestKit kit, Path directory, LogFiles files) {
        this.kit = kit;
        this.directory = directory;
        this.files = files;
    }

    /** What waits for the disk runs there, and not at once. */
    PartitionRig blockingOn(Executor executor) {
        blocking = executor;
        return this;
    }

    /** @param told asked to give the partition up to another broker */
    PartitionRig replicated(ReplicationSetup setup, Supplier<CompletableFuture<Void>> told) {
        replication = setup;
        giveUp = told;
        return this;
    }

    /** The last known high watermark. */
    AtomicLong highWatermark() {
        return highWatermark;
    }

    ActorRef<PartitionCommand> start(Role role) {
        LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(100), files);
        return kit.spawn(PartitionActor.create(
                new PartitionSetup(
                        new PartitionDirectory(
                                OneDisk.of(directory, environment, blocking),
                                new TopicPartition("orders", 0),
                                new Uuid(1, 2)),
                        () -> CompletableFuture.completedFuture(null),
                        giveUp,
                        new FlushSettings(Mode.OS, Duration.ofSeconds(1), 1 << 20),
                        Compactions.of(kit.system().ignoreRef()),
                        replication,
                        ProducerLimit.none(),
                        new BrokerCounters()),
                new Configure(LogConfig.DEFAULT, role),
                highWatermark,
                new Resends(replication.inSync().clock()),
                new OpenTries(offline -> {}),
                kit.<TopicsCommand>createTestProbe().getRef()));
    }

    void end(ActorRef<PartitionCommand> partition) {
        CompletableFuture<Optional<LogSummary>> closed = new CompletableFuture<>();
        partition.tell(new End(false, closed));
        done(closed);
        kit.createTestProbe().expectTerminated(partition);
    }

    /** Changes the last byte of the log's first segment. */
    void damage() {
        try {
            Path segment = directory.resolve("orders-0/00000000000000000000.log");
            byte[] bytes = Files.readAllBytes(segment);
            bytes[bytes.length - 1] ^= 1;
            Files.write(segment, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
