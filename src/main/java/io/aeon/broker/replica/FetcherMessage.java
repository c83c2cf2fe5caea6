package io.aeon.broker.replica;

import io.aeon.replication.FetcherCommand;
import io.aeon.replication.LogPosition;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The messages to a {@link ReplicaFetcher}; all but {@link Follow} and {@link Leave} are its own. */
sealed interface FetcherMessage {
    /** The fetcher's broker leads the partition in this epoch. */
    record Follow(PartitionId id, TopicPartition partition, int leaderEpoch) implements FetcherMessage {}

    /** The fetcher's broker no longer leads the partition. */
    record Leave(PartitionId id) implements FetcherMessage {}

    /** The position of a log that is to be copied, or why it is not known. */
    record Located(
            PartitionId id,
            int leaderEpoch,
            @Nullable LogPosition position,
            @Nullable Throwable failure) implements FetcherMessage {}

    /**
     * A log has done what it was asked for, or has failed.
     *
     * @param start the offset below which it removes records next
     */
    record Done(
            PartitionId id,
            int leaderEpoch,
            long start,
            @Nullable LogPosition position,
            @Nullable Throwable failure) implements FetcherMessage {}

    record Locate(PartitionId id, int leaderEpoch) implements FetcherMessage {}

    record Next(FetcherCommand<PartitionId, ByteBuffer> command) implements FetcherMessage {}

    /** A request that the leader has not answered. */
    record Lost(long request, @Nullable Throwable why) implements FetcherMessage {}
}
