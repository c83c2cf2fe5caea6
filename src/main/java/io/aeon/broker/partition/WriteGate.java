package io.aeon.broker.partition;

import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.partition.PartitionEvent.WriteAgain;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether one partition may write: there must be space, and when a write fails for the second time in a row, the next one
 * waits a moment, so that a partition that cannot be written can be read. Not thread-safe.
 */
final class WriteGate {
    private static final Logger logger = LoggerFactory.getLogger(WriteGate.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final TopicPartition partition;
    private final Disk disk;
    private final boolean internal;
    private final TimerScheduler<PartitionCommand> timers;
    private int failures;

    WriteGate(TopicPartition partition, Disk disk, TimerScheduler<PartitionCommand> timers) {
        this.partition = partition;
        this.disk = disk;
        this.internal = Topic.isInternal(partition.topic());
        this.timers = timers;
    }

    /**
     * Before {@code bytes} are written.
     *
     * @param ending whether they bring a transaction to its end
     * @throws KafkaStorageException not now
     */
    void pass(int bytes, boolean ending) {
        if (failures > 1 && timers.isTimerActive(WriteAgain.NOW)) {
            throw new KafkaStorageException(partition + " could not be written a moment ago");
        }
        disk.space().take(bytes, internal || ending);
    }

    /** Whether what was deleted should give its space back at once. */
    boolean wantsSpace() {
        return disk.space().isLow();
    }

    /** Completes when the disk lets go those who write to it, null if it holds none: who waits for it holds no thread. */
    @Nullable
    CompletableFuture<Void> stall() {
        return disk.stall().stall();
    }

    /** A write, or what belongs to it, has failed, so that the log is opened again. */
    void failed(Throwable cause) {
        if (++failures == 1) {
            logger.error("{} failed and is opened again", partition, cause);
            return;
        }
        logger.debug("{} failed again", partition, cause);
        timers.startSingleTimer(WriteAgain.NOW, PAUSE);
    }

    /** Whether the last write failed. */
    boolean isFailing() {
        return failures > 0;
    }

    /** What was written is on the disk. */
    void worked() {
        failures = 0;
    }
}
