package io.aeon.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import io.aeon.broker.FakeMetadata;
import io.aeon.broker.disk.Disks;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.partition.actor.NoFollowers;
import io.aeon.broker.partition.actor.ProducerLimit;
import io.aeon.broker.partition.cleaning.Compactions;
import io.aeon.broker.partition.cleaning.LogCleaner;
import io.aeon.config.FlushSettings;
import io.aeon.config.FlushSettings.Mode;
import io.aeon.config.PartitionSettings;
import io.aeon.counters.BrokerCounters;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The places of given up replicas that are in sync again. */
class PlaceReportsTest {
    /** So many that an answer about all of them takes some time. */
    private static final int REPLICAS = 20_000;

    @TempDir
    private Path dir;

    private final FakeMetadata metadata = new FakeMetadata();

    @Test
    void whatTheControllerRefusesIsToldAgainWheneverTheRefusalComes() throws InterruptedException {
        Topic topic = givenUp();
        ClusterImage image = metadata.metadata().image();
        PlaceReports places = places();
        topic.partitions()
                .forEach(state -> places.look(new TopicPartition("orders", state.index()), topic.id(), state));
        places.send();
        CompletableFuture<Void> answer = metadata.assignments().remove();

        Thread refusal = new Thread(() -> answer.completeExceptionally(new TimeoutException("no controller")));
        refusal.start();
        while (refusal.isAlive()) {
            places.repeat(image);
        }
        refusal.join();
        places.repeat(image);

        assertThat(metadata.assigned()).hasSize(2 * REPLICAS);
    }

    private Topic givenUp() {
        metadata.add("orders", REPLICAS);
        metadata.assign("orders", FakeMetadata.SELF + 1, FakeMetadata.SELF);
        metadata.giveUp("orders");
        return metadata.metadata().image().topic("orders").orElseThrow();
    }

    private PlaceReports places() {
        LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(1), LogFiles.disk());
        Disks disks = OneDisk.only(OneDisk.of(dir, environment, Runnable::run));
        TopicsSetup setup = new TopicsSetup(
                metadata.metadata(),
                new TopicSettingsCache(FakeMetadata.SELF, metadata.metadata().topicConfigs()::of),
                new FlushSettings(Mode.OS, Duration.ofSeconds(1), 1),
                environment.clock(),
                disks,
                new PartitionSettings(Duration.ofMinutes(5), 1, 1),
                Compactions.of(TestInbox.<LogCleaner.Command>create().getRef()),
                NoFollowers.SETUP,
                ProducerLimit.none(),
                new BrokerCounters());
        return new PlaceReports(setup, new PartitionTable(1, new HighWatermarks(disks), Set.of(), () -> 0));
    }
}
