package io.aeon.broker.partition.cleaning;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import io.aeon.PatientWaits;
import io.aeon.broker.ActorKits;
import io.aeon.broker.partition.PartitionCommand.Compact;
import io.aeon.broker.partition.cleaning.LogCleaner.Report;
import io.aeon.storage.compaction.CompactionMemory;
import io.aeon.storage.compaction.CompactionNeed;
import io.aeon.storage.file.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogCleanerTest {
    private static final TopicPartition A = new TopicPartition("a", 0);
    private static final TopicPartition B = new TopicPartition("b", 0);
    private static final TopicPartition C = new TopicPartition("c", 0);
    private static final Duration BACKOFF = Duration.ofSeconds(10);
    private static final CompactionNeed CLEAN = new CompactionNeed(0, CompactionNeed.NEVER);

    private record Told(TopicPartition partition, Compact command) {}

    private final ActorTestKit kit = ActorKits.withManualTime();
    private final ManualTime time = ManualTime.get(kit.system());
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final AtomicInteger clockFaults = new AtomicInteger();
    private final AtomicInteger partitionFaults = new AtomicInteger();
    private volatile int threads = 1;
    private volatile Instant now = Instant.ofEpochMilli(1_700_000_000_000L);
    private final Behavior<LogCleaner.Command> behavior = LogCleaner.create(
            (partition, command) -> {
                breaks(partitionFaults);
                told.add(new Told(partition, (Compact) command));
            },
            () -> new CleanerSettings(threads, BACKOFF, new CompactionMemory(1, 0.5, 1)),
            new Clock() {
                @Override
                public Instant instant() {
                    breaks(clockFaults);
                    return now;
                }

                @Override
                public ZoneOffset getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(java.time.ZoneId zone) {
                    return this;
                }
            });
    private ActorRef<LogCleaner.Command> cleaner = kit.spawn(behavior);

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void theDirtiestPartitionIsNextAndOneIsCompactedAtATime() {
        report(A, 0.6);
        Told first = next();
        report(B, 0.7);
        report(C, 0.9);
        report(B, 0.8);

        assertThat(first.partition()).isEqualTo(A);
        assertThat(told).isEmpty();
        first.command().reply().complete(CLEAN);
        Told second = next();
        assertThat(second.partition()).isEqualTo(C);
        second.command().reply().complete(CLEAN);
        Told third = next();
        assertThat(third.partition()).isEqualTo(B);
        third.command().reply().complete(CLEAN);
        nothingHappens();
    }

    @Test
    void aChangedNumberOfThreadsCountsForWhatBeginsNext() {
        report(A, 0.6);
        next();

        threads = 2;
        report(B, 0.7);

        assertThat(next().partition()).isEqualTo(B);
        report(C, 0.8);
        assertThat(told).isEmpty();
    }

    @Test
    void aPartitionThatIsStillDirtyGetsAnotherPass() {
        report(A, 0.9);
        next().command().reply().complete(new CompactionNeed(0.8, CompactionNeed.NOW));

        assertThat(next().partition()).isEqualTo(A);
    }

    @Test
    void aPartitionIsNotCompactedBeforeItIsDue() {
        cleaner.tell(new Report(A, new CompactionNeed(0.1, now.plusSeconds(30).toEpochMilli())));
        pass(Duration.ofSeconds(29));
        assertThat(told).isEmpty();

        pass(Duration.ofSeconds(1));

        assertThat(next().partition()).isEqualTo(A);
    }

    /** The lag before compaction is a setting of the topic, for which Kafka allows millions of years. */
    @Test
    void aPartitionThatIsDueInAThousandYearsDoesNotHoldUpOthers() {
        cleaner.tell(new Report(
                A, new CompactionNeed(0.1, now.plus(Duration.ofDays(365_000)).toEpochMilli())));
        report(B, 0.9);
        assertThat(next().partition()).isEqualTo(B);
        cleaner.tell(new Report(
                C, new CompactionNeed(0.1, now.plus(Duration.ofDays(300)).toEpochMilli())));
        threads = 2;

        pass(Duration.ofDays(300));

        assertThat(next().partition()).isEqualTo(C);
    }

    @Test
    void aFailedCompactionIsRetriedWithGrowingPausesWhileOthersContinue() {
        report(A, 0.9);
        next().command().fail(new StorageException("damaged at 5"));
        report(B, 0.5);
        next().command().reply().complete(CLEAN);
        report(A, 0.9);
        nothingHappens();

        pass(BACKOFF);
        Told again = next();
        assertThat(again.partition()).isEqualTo(A);
        again.command().fail(new StorageException("damaged at 5"));
        nothingHappens();
        pass(BACKOFF);
        assertThat(told).isEmpty();
        pass(BACKOFF);
        next().command().reply().complete(CLEAN);

        report(A, 0.9);
        assertThat(next().partition()).isEqualTo(A);
    }

    @Test
    void aRemovedPartitionIsForgotten() {
        report(A, 0.9);
        next().command().fail(new UnknownTopicOrPartitionException("gone"));

        pass(Duration.ofHours(3));

        assertThat(told).isEmpty();
    }

    @Test
    void aPartitionWhoseCodecCannotBeLoadedIsRetried() {
        report(A, 0.9);
        next().command().fail(new KafkaStorageException("no library for zstd"));
        pass(BACKOFF);

        assertThat(next().partition()).isEqualTo(A);
    }

    @Test
    void afterAFaultAtTheEndOfAPassThePartitionGetsAnotherPass() {
        report(A, 0.9);
        Told first = next();
        clockFaults.set(1);
        first.command().fail(new StorageException("damaged at 5"));
        comesBack();

        assertThat(next().partition()).isEqualTo(A);
    }

    @Test
    void aPartitionThatCannotBeReachedIsRetriedWhileOthersContinue() {
        partitionFaults.set(1);
        report(A, 0.9);
        report(B, 0.8);
        next().command().reply().complete(CLEAN);
        pass(BACKOFF);

        assertThat(next().partition()).isEqualTo(A);
    }

    /** Restarts the cleaner as its supervisor does. */
    private void comesBack() {
        kit.createTestProbe().expectTerminated(cleaner);
        cleaner = kit.spawn(behavior);
    }

    private static void breaks(AtomicInteger faults) {
        if (faults.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("broken by the test");
        }
    }

    private void report(TopicPartition partition, double ratio) {
        cleaner.tell(new Report(partition, new CompactionNeed(ratio, CompactionNeed.NOW)));
    }

    private Told next() {
        try {
            Told next = told.poll(PatientWaits.LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The cleaner has processed all earlier messages once it starts a partition that was reported last. */
    private void nothingHappens() {
        TopicPartition probe = new TopicPartition("probe", told.size());
        report(probe, 1);
        Told asked = next();
        assertThat(asked.partition()).isEqualTo(probe);
        asked.command().reply().complete(CLEAN);
        assertThat(told).isEmpty();
    }

    private void pass(Duration duration) {
        nothingHappens();
        now = now.plus(duration);
        time.timePasses(duration);
    }
}
