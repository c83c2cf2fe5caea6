package org.apache.kafka.raft;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.feature.SupportedVersionRange;
import org.apache.kafka.common.memory.MemoryPool;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.server.common.serialization.RecordSerde;

/**
 * Makes raft clients with a given memory for batches and a given queue. In Kafka's package, because of Kafka's two
 * constructors only the one that is not public takes them; to call that one by reflection makes 50 classes in each
 * process.
 */
public final class RaftClients {
    /** Kafka's value: milliseconds for which a leader holds back the answer to a fetch that finds nothing new. */
    private static final int FETCH_WAIT_MS = 500;

    private RaftClients() {}

    /**
     * The parameters are those of the public constructor, {@code messages}, by which other threads speak to the client,
     * and {@code memory}, from which each batch takes its buffer.
     */
    public static <T> KafkaRaftClient<T> create(
            OptionalInt nodeId,
            Uuid directoryId,
            RecordSerde<T> serde,
            NetworkChannel channel,
            RaftMessageQueue messages,
            RaftLog log,
            MemoryPool memory,
            Time time,
            ExpirationService expiration,
            LogContext context,
            boolean mayVote,
            String clusterId,
            Collection<InetSocketAddress> bootstrap,
            Endpoints endpoints,
            SupportedVersionRange versions,
            QuorumConfig config) {
        return new KafkaRaftClient<>(
                nodeId,
                directoryId,
                serde,
                channel,
                messages,
                log,
                memory,
                time,
                expiration,
                FETCH_WAIT_MS,
                mayVote,
                clusterId,
                bootstrap,
                endpoints,
                versions,
                context,
                new Random(),
                config);
    }
}
