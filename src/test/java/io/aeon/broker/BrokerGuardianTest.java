package io.aeon.broker;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.ConfigFactory;
import io.aeon.PatientWaits;
import io.aeon.broker.partition.PartitionCommand.Acks;
import io.aeon.broker.partition.PartitionCommand.Append;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.actor.Records;
import io.aeon.broker.supervision.Supervision;
import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.RecordBatches;
import io.aeon.metadata.Metadata;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.log.AppendResult;
import io.aeon.threads.BlockingPool;
import io.aeon.threads.PooledActorSystem;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BrokerGuardianTest {
    private final FakeMetadata metadata = new FakeMetadata();
    private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    private final MapBudget files = new MapBudget(100);
    private final AtomicBoolean reportFails = new AtomicBoolean();
    private ActorSystem<BrokerGuardian.Command> system;
    private BlockingPool blocking;
    private BrokerServices services;

    @TempDir
    private Path dir;

    @BeforeEach
    void start() {
        metadata.dataDirectory(dir);
        metadata.add("orders", 100);
        services = PatientWaits.done(start(metadata.metadata()));
    }

    private CompletableFuture<BrokerServices> start(Metadata from) {
        AeonSettings settings = AeonSettings.load(
                SettingsSources.given(Map.of("aeon.data-dir", dir.toString(), "aeon.log.flush", "os")));
        CompletableFuture<BrokerServices> ready = new CompletableFuture<>();
        blocking = new BlockingPool("guardian-test-blocking", settings.blockingThreads());
        system = PooledActorSystem.start(
                BrokerGuardian.create(
                        new BrokerSetup(
                                settings,
                                new LogEnvironment(Clock.systemUTC(), files, LogFiles.disk()),
                                () -> new Now(0, 0),
                                noBatches(),
                                () -> {
                                    throw new AssertionError("nothing is compacted");
                                },
                                known -> leader -> {
                                    throw new AssertionError("nothing is copied");
                                },
                                known -> broker -> {
                                    throw new AssertionError("there is no other broker");
                                },
                                blocking,
                                directory -> blocking),
                        CompletableFuture.completedFuture(from),
                        ready,
                        this::report),
                "guardian-test",
                settings.actorSystem().withFallback(ConfigFactory.load()),
                SettingsSources.loader());
        return ready;
    }

    private void report(Throwable cause) {
        if (reportFails.getAndSet(false)) {
            throw new IllegalStateException("broken by the test");
        }
        fatal.complete(cause);
    }

    @AfterEach
    void stop() throws Exception {
        metadata.breakImage(0);
        stopSystem();
    }

    private void stopSystem() throws Exception {
        system.tell(BrokerGuardian.Stop.NOW);
        system.getWhenTerminated().toCompletableFuture().get(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
        blocking.close();
        assertThat(files.used()).isZero();
    }

    @Test
    void aParentRestartsAfterRareFailures() {
        metadata.breakImage(1);
        services.partitions().tell(new TopicPartition("orders", 1), new Describe(new CompletableFuture<>()));

        assertThat(append(0).join().baseOffset()).isZero();
        assertThat(fatal).isNotDone();
    }

    @Test
    void aParentWithRepeatedFailuresStopsTheBroker() {
        append(0).join();
        metadata.breakImage(Integer.MAX_VALUE);
        services.partitions().tell(new TopicPartition("orders", 1), new Describe(new CompletableFuture<>()));

        assertThat(fatal)
                .succeedsWithin(PatientWaits.LIMIT)
                .satisfies(cause -> assertThat(cause)
                        .hasMessage("topics failed more than " + Supervision.PARENT_RESTARTS + " times within 60 s"));
        assertThat(system.getWhenTerminated().toCompletableFuture()).isNotDone();
    }

    @Test
    void anExceptionInTheGuardianIsReportedAndTheBrokerStopsCleanly() throws Exception {
        append(0).join();
        reportFails.set(true);
        metadata.breakImage(Integer.MAX_VALUE);
        services.partitions().tell(new TopicPartition("orders", 1), new Describe(new CompletableFuture<>()));

        assertThat(fatal)
                .succeedsWithin(PatientWaits.LIMIT)
                .satisfies(cause -> assertThat(cause).hasMessage("broken by the test"));
        assertThat(system.getWhenTerminated().toCompletableFuture()).isNotDone();
    }

    @Test
    void aStartThatFailsNamesItsCause() throws Exception {
        stopSystem();
        Metadata broken = (Metadata) Proxy.newProxyInstance(
                Metadata.class.getClassLoader(), new Class<?>[] {Metadata.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException("broken by the test");
                });

        assertThat(start(broken))
                .failsWithin(PatientWaits.LIMIT)
                .withThrowableThat()
                .havingCause()
                .withMessage("broken by the test");
    }

    private CompletableFuture<AppendResult> append(int partition) {
        CompletableFuture<AppendResult> reply = new CompletableFuture<>();
        services.partitions()
                .tell(new TopicPartition("orders", partition), new Append(Records.batch("a"), Acks.ALL, reply));
        return reply.orTimeout(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private static RecordBatches noBatches() {
        return (RecordBatches) Proxy.newProxyInstance(
                RecordBatches.class.getClassLoader(),
                new Class<?>[] {RecordBatches.class},
                (proxy, method, arguments) -> {
                    throw new AssertionError("no coordinator writes");
                });
    }
}
