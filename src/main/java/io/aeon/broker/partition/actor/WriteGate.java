package io.aeon.broker.partition.actor;

import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.partition.PartitionCommand;
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
 * Decides whether one partition may write. There must be free space. After the second consecutive failure the next
 * write fails until a pause has elapsed, so that the partition can be read in between. Not thread-safe.
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
     * Checks a write; to be called before {@code bytes} are written.
     *
     * @param ending whether the bytes end a transaction
     * @throws KafkaStorageException the partition may not write now
     */
    void pass(int bytes, boolean ending) {
        if (failures > 1 && timers.isTimerActive(WriteAgain.NOW)) {
            throw new KafkaStorageException(partition + " could not be written a moment ago");
        }
        disk.space().take(bytes, internal || ending);
    }

    /** Whether the space of deleted segments should be freed at once. */
    boolean wantsSpace() {
        return disk.space().isLow();
    }

    /** Completes when the stall of the disk is over; null if there is none. Waiting for it blocks no thread. */
    @Nullable
    CompletableFuture<Void> stall() {
        return disk.stall().stall();
    }

    /** Records that a write or a related step failed, after which the log is reopened. */
    void failed(Throwable cause) {
        disk.health().suspect();
        if (++failures == 1) {
            logger.error("A write to {} failed; its log is reopened", partition, cause);
            return;
        }
        logger.debug("A write to {} failed again", partition, cause);
        timers.startSingleTimer(WriteAgain.NOW, PAUSE);
    }

    /** Whether the last write failed. */
    boolean isFailing() {
        return failures > 0;
    }

    /** Records that the written bytes are durable. */
    void worked() {
        failures = 0;
    }
}
