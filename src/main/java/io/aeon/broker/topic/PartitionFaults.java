package io.aeon.broker.topic;

import akka.actor.typed.javadsl.ActorContext;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.actor.OpenTries;
import io.aeon.storage.file.StorageException;
import java.time.Duration;
import org.apache.kafka.common.TopicPartition;

/**
 * Confines an exception that {@link Topics} meets at one partition to that partition: the commands for it fail, its log
 * is closed, and it is started again after a backoff. Not thread-safe.
 */
final class PartitionFaults {
    private final PartitionRegistry registry;
    private final PartitionTable table;
    private final ActorContext<TopicsCommand> context;

    PartitionFaults(PartitionRegistry registry, PartitionTable table, ActorContext<TopicsCommand> context) {
        this.registry = registry;
        this.table = table;
        this.context = context;
    }

    /** Runs {@code action}, which concerns this partition alone; false if it threw. */
    boolean confine(TopicPartition partition, Runnable action) {
        try {
            action.run();
            return true;
        } catch (RuntimeException e) {
            failed(partition, e);
            return false;
        }
    }

    /** Starts the partition again after a backoff, which grows with each failure until a start succeeds. */
    void failed(TopicPartition partition, Throwable cause) {
        if (table.backsOff(partition)) {
            refuse(partition);
            return;
        }
        OpenTries tries = tries(partition);
        Duration backoff = tries.failed();
        context.getLog().error("{} failed and is started again in {}", partition, backoff, cause);
        table.backOff(partition, tries);
        table.foundFiles(partition);
        RunningPartition child = table.running(partition);
        if (child != null && !child.isEnding()) {
            child.close();
        }
        refuse(partition);
        context.scheduleOnce(backoff, context.getSelf(), new TopicsCommand.TryAgain(partition));
    }

    /** The failures so far, to be continued by the partition's actor. */
    OpenTries tries(TopicPartition partition) {
        OpenTries failed = table.failedTries(partition);
        return failed != null ? failed : new OpenTries(isOffline -> registry.offline(partition, isOffline));
    }

    /** Fails the commands that wait. */
    void refuse(TopicPartition partition) {
        OpenTries tries = tries(partition);
        table.resends(partition).expect();
        registry.closed(partition, new StorageException(partition + " failed and is started again later"));
        registry.offline(partition, tries.offline());
    }
}
