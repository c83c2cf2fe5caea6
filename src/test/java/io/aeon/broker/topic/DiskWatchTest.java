package io.aeon.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import io.aeon.broker.ActorKits;
import io.aeon.broker.disk.BreakableFiles;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.DiskSpace;
import io.aeon.broker.disk.OneDisk;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.actor.HeldExecutor;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.MapBudget;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiskWatchTest {
    private static final int RESERVE = 1000;

    private final ActorTestKit kit = ActorKits.withManualTime();
    private final ManualTime time = ManualTime.get(kit.system());
    private final TestProbe<TopicsCommand> topics = kit.createTestProbe();
    /** Distinguishes this test's log lines from those of other tests. */
    private final Path dataDir = Path.of("data-" + UUID.randomUUID());

    private final BreakableFiles disk = new BreakableFiles();
    private final DiskSpace space = new DiskSpace(RESERVE);
    private final HeldExecutor held = new HeldExecutor();
    private final AtomicInteger faults = new AtomicInteger();
    private Disk watched;
    private Behavior<DiskWatch.Command> behavior;
    private ActorRef<DiskWatch.Command> watch;

    @BeforeEach
    void start() {
        watched = OneDisk.of(
                dataDir, new LogEnvironment(Clock.systemUTC(), new MapBudget(1), disk.files()), space, this::blocking);
        behavior = DiskWatch.create(watched, OneDisk.only(watched), topics.getRef(), failed -> {});
        watch = kit.spawn(behavior);
    }

    private void blocking(Runnable task) {
        if (faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new RejectedExecutionException("broken by the test");
        }
        held.execute(task);
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void itReportsLowSpaceOnceAndItsEndOnce() {
        disk.usableSpace(10);
        said(dataDir + ": produce requests are refused", this::threeLooks);
        assertThat(space.isLow()).isTrue();

        disk.usableSpace(10 * RESERVE);
        look();
        await().until(() -> !space.isLow());
    }

    @Test
    void retentionRunsAtOnceAndAgainWhileSpaceIsLow() {
        disk.usableSpace(10);
        look();
        topics.expectMessage(TopicsCommand.Housekeep.NOW);

        for (int looks = 1; looks < 10; looks++) {
            look();
        }
        topics.expectNoMessage(Duration.ZERO);
        look();
        topics.expectMessage(TopicsCommand.Housekeep.NOW);
    }

    @Test
    void aDiskThatDoesNotRespondForThreeSecondsIsReportedOnceAndNotAskedAgain() {
        await().until(() -> held.held() == 1);
        said(0, dataDir + " does not respond", () -> {
            time.timePasses(Duration.ofSeconds(1));
            time.timePasses(Duration.ofSeconds(1));
        });
        said(dataDir + " does not respond", () -> {
            time.timePasses(Duration.ofSeconds(1));
            time.timePasses(Duration.ofSeconds(1));
        });
        assertThat(held.held()).isEqualTo(1);
        assertThat(watched.health().problem()).isPresent();

        look();
        assertThat(held.held()).isEqualTo(1);
        await().until(() -> watched.health().problem().isEmpty());
    }

    @Test
    void afterAFaultItContinuesAndDoesNotReportLowSpaceAgain() {
        disk.usableSpace(10);

        said(dataDir + ": produce requests are refused", () -> {
            look();
            await().until(space::isLow);
            faults.set(1);
            held.runOne();
            await().until(() -> {
                time.timePasses(Duration.ofSeconds(1));
                return faults.get() == 0;
            });
            kit.createTestProbe().expectTerminated(watch);
            watch = kit.spawn(behavior);
            look();
        });

        disk.usableSpace(10 * RESERVE);
        look();
        await().until(() -> !space.isLow());
    }

    private void threeLooks() {
        look();
        look();
        look();
    }

    /** The disk responds, and the next measurement starts. */
    private void look() {
        held.runOne();
        await().until(() -> {
            time.timePasses(Duration.ofSeconds(1));
            return held.held() == 1;
        });
    }

    private void said(String line, Runnable when) {
        said(1, line, when);
    }

    private void said(int times, String line, Runnable when) {
        LoggingTestKit.empty()
                .withLoggerName(DiskWatch.class.getName())
                .withMessageContains(line)
                .withOccurrences(times)
                .expect(kit.system(), () -> {
                    when.run();
                    return null;
                });
    }
}
