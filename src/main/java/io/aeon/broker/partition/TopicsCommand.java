package io.aeon.broker.partition;

import akka.actor.typed.ActorRef;
import io.aeon.broker.disk.Disk;
import io.aeon.broker.partition.directory.ReplicaMove;
import io.aeon.metadata.ImageChange;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The messages to the parent of all partitions, from the partitions and from others. */
public sealed interface TopicsCommand {
    /** A command waits for a partition that does not run. */
    record Start(TopicPartition partition) implements TopicsCommand {}

    /** The metadata have changed, or are known for the first time. */
    record ImageChanged(ImageChange change) implements TopicsCommand {}

    /** Retention is due. */
    enum Housekeep implements TopicsCommand {
        NOW
    }

    /** The idle timeout has elapsed: partitions that were not used since the last such message can be closed. */
    enum RestIdle implements TopicsCommand {
        NOW
    }

    /**
     * A partition has opened its log, or failed to.
     *
     * @param isDamaged whether the log is open, and damaged below its durable end
     */
    record Started(TopicPartition partition, ActorRef<PartitionCommand> actor, boolean isDamaged)
            implements TopicsCommand {}

    /** A partition is idle and can be closed. */
    record Idle(TopicPartition partition, ActorRef<PartitionCommand> actor) implements TopicsCommand {}

    /** A partition that was asked to retire is still in use. */
    record StillBusy(TopicPartition partition, ActorRef<PartitionCommand> actor) implements TopicsCommand {}

    /** It is time to look whether followers have left or may join the ISR of their partition. */
    enum CheckInSync implements TopicsCommand {
        NOW
    }

    /** The high watermarks of all partitions have to be written to their checkpoint. */
    enum CheckpointHighWatermarks implements TopicsCommand {
        NOW
    }

    /** Partitions have to forget producers without a write since {@code timestamp}, in milliseconds since the epoch. */
    record ExpireProducers(long timestamp) implements TopicsCommand {}

    /** Requests that all partitions are closed and the parent stops. */
    enum Stop implements TopicsCommand {
        NOW
    }

    /** The stop timeout has elapsed. */
    enum StopOverdue implements TopicsCommand {
        NOW
    }

    /** The backoff of a partition that could not be started is over. */
    record TryAgain(TopicPartition partition) implements TopicsCommand {}

    /**
     * Requests that a partition moves to another data directory.
     *
     * @param reply completes when the move has begun, or none is necessary
     */
    record Move(TopicPartition partition, Disk target, CompletableFuture<Void> reply) implements TopicsCommand {}

    /** The copying of a partition that moves has reached the partition's end, or has failed. */
    record Copied(ReplicaMove move, @Nullable Throwable failure) implements TopicsCommand {}

    /** A partition that could not retire is copied further. */
    record CopyOn(ReplicaMove move) implements TopicsCommand {}

    /** A partition's actor has stopped. */
    record PartitionStopped(TopicPartition partition) implements TopicsCommand {}

    /**
     * The data directories have been searched for partitions.
     *
     * @param partitions those of each data directory, without the data directories in which the search failed
     */
    record FilesFound(Map<Disk, FoundPartitions> partitions) implements TopicsCommand {}

    /** All logs are closed, and their summaries are written if possible. */
    enum AllClosed implements TopicsCommand {
        NOW
    }
}
