package io.aeon.broker.replica;

import io.aeon.replication.FetchRequest;
import io.aeon.replication.FetcherCommand.Answered;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * A connection to a broker that leads partitions; it is made when it is needed, and again after it was lost. Futures
 * fail if the broker cannot be reached or does not answer in time. Thread-safe; no method blocks.
 */
public interface LeaderConnection {
    /**
     * Sends a Fetch request as a follower.
     *
     * @return its records are whole batches of magic 2 with a right CRC; for a partition with other ones the error is
     *     CORRUPT_MESSAGE
     */
    CompletableFuture<Answered<PartitionId, ByteBuffer>> fetch(FetchRequest<PartitionId> request);

    /** Asks where the leader's log begins and ends (ListOffsets as a follower). */
    CompletableFuture<Range> findRange(TopicPartition partition, int leaderEpoch);

    /** Ends the connection; requests under way fail. */
    void close();

    /**
     * The offsets of a leader's log.
     *
     * @param start log start offset
     * @param end log end offset
     */
    record Range(long start, long end) {}
}
