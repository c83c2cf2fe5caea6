package io.aeon.metadata;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.requests.ApiError;

/**
 * The cluster's metadata: one voter of a KRaft quorum, embedded. Thread-safe; nothing here blocks but {@link #close}.
 * Futures fail with Kafka's own {@code ApiException}s. A change is done when it is on the disk and {@link #image} shows
 * it.
 */
public interface Metadata extends AutoCloseable {
    /** This broker's number in the cluster. */
    int nodeId();

    /** The latest image this broker has seen. */
    ClusterImage image();

    /** The effective settings of topics. */
    TopicConfigs topicConfigs();

    /** Calls {@code listener} with the present image before it returns, then with each new one on the engine's thread. */
    void subscribe(Consumer<ClusterImage> listener);

    CompletableFuture<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request);

    /** Deletes topics by id; each id has its own result. */
    CompletableFuture<Map<Uuid, ApiError>> deleteTopics(Set<Uuid> ids);

    CompletableFuture<List<CreatePartitionsTopicResult>> createPartitions(
            List<CreatePartitionsTopic> topics, boolean validateOnly);

    /** A block of producer ids nobody else has or will get. */
    CompletableFuture<ProducerIdBlock> allocateProducerIds();

    @Override
    void close();

    /**
     * Consecutive producer ids.
     *
     * @param first first id of the block
     * @param size ids in it
     */
    record ProducerIdBlock(long first, int size) {}
}
