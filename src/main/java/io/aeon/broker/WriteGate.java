package io.aeon.broker;

import akka.actor.typed.javadsl.TimerScheduler;
import io.aeon.broker.PartitionEvent.WriteAgain;
import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.internals.Topic;

/**
 * Whether one partition may write: there must be space, and when a write fails for the second time in a row, the next one
 * waits a moment, so that a partition that cannot be written can be read. Not thread-safe.
 */
final class WriteGate {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final TopicPartition partition;
    private final DiskSpace space;
    private final boolean internal;
    private final TimerScheduler<PartitionCommand> timers;
    private int failures;
    private boolean closed;

    WriteGate(TopicPartition partition, DiskSpace space, TimerScheduler<PartitionCommand> timers) {
        this.partition = partition;
        this.space = space;
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
        if (closed) {
            throw new KafkaStorageException(partition + " could not be written a moment ago");
        }
        space.take(bytes, internal || ending);
    }

    /** Whether what was deleted should give its space back at once. */
    boolean wantsSpace() {
        return space.isLow();
    }

    /** A write, or what belongs to it, has failed; whether it did so the last time too. */
    boolean failed() {
        if (++failures == 1) {
            return false;
        }
        closed = true;
        timers.startSingleTimer(WriteAgain.NOW, PAUSE);
        return true;
    }

    void tryAgain() {
        closed = false;
    }

    /** What was written is on the disk. */
    void worked() {
        failures = 0;
    }
}
