package io.aeon.metadata;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;

/**
 * The cluster's metadata: one voter of a KRaft quorum, embedded. Thread-safe; nothing here blocks. Futures fail with
 * Kafka's own {@code ApiException}s.
 */
public interface Metadata extends AutoCloseable {
    /** The latest image this broker has seen. */
    ClusterImage image();

    /** Calls {@code listener} with each new image, on the engine's thread, beginning with the present one. */
    void subscribe(Consumer<ClusterImage> listener);

    CompletableFuture<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request);

    CompletableFuture<java.util.List<CreatePartitionsTopicResult>> createPartitions(
            java.util.List<CreatePartitionsTopic> topics, boolean validateOnly);

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
