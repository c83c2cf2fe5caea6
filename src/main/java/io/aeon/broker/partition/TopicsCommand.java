package io.aeon.broker.partition;

import akka.actor.typed.ActorRef;
import io.aeon.metadata.ImageChange;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the parent of all partitions is told, by them and by others. */
public sealed interface TopicsCommand {
    /** Somebody has a command for a partition that does not run. */
    record Start(TopicPartition partition) implements TopicsCommand {}

    /** The metadata have changed, or are there for the first time. */
    record ImageChanged(ImageChange change) implements TopicsCommand {}

    /** Time for retention. */
    enum Housekeep implements TopicsCommand {
        NOW
    }

    /** Time to let those partitions rest that were not used since this was said before. */
    enum RestIdle implements TopicsCommand {
        NOW
    }

    /** A partition has tried to open its log. */
    record Started(TopicPartition partition, ActorRef<PartitionCommand> actor) implements TopicsCommand {}

    /** A partition could rest. */
    record Idle(TopicPartition partition, ActorRef<PartitionCommand> actor) implements TopicsCommand {}

    /** A partition that was told to retire cannot now. */
    record StillBusy(TopicPartition partition, ActorRef<PartitionCommand> actor) implements TopicsCommand {}

    /** Time to write the high watermarks of all partitions to their checkpoint. */
    enum CheckpointHighWatermarks implements TopicsCommand {
        NOW
    }

    /** Time to forget producers that have not written since {@code timestamp}, milliseconds since the epoch. */
    record ExpireProducers(long timestamp) implements TopicsCommand {}

    /** Close all partitions, then stop. */
    enum Stop implements TopicsCommand {
        NOW
    }

    /** The partitions have had all the time for closing that there is. */
    enum StopOverdue implements TopicsCommand {
        NOW
    }

    /** A partition's actor has ended. */
    record PartitionStopped(TopicPartition partition) implements TopicsCommand {}

    /** The data directory is looked through, or cannot be. */
    record FilesFound(
            @Nullable FoundPartitions partitions, @Nullable Throwable failure) implements TopicsCommand {}

    /** All logs are closed, and their summaries left if possible. */
    enum AllClosed implements TopicsCommand {
        NOW
    }
}
