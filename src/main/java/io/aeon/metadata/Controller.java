package io.aeon.metadata;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.requests.ApiError;

/**
 * The cluster's active controller, in this JVM or elsewhere. Its requests and answers are Kafka's own messages because
 * that is what brokers and controllers of a cluster speak: a broker hands them on as they came and answers what it gets
 * (KIP-590). A change is done when it is on the disk and this broker's image shows it.
 *
 * <p>Thread-safe, never blocks. Futures fail with Kafka's own {@code ApiException}s; with {@code KafkaStorageException}
 * while the controller's disk takes no writes.
 */
public interface Controller {
    CompletableFuture<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request);

    /** Deletes topics by id; each id has its own result. */
    CompletableFuture<Map<Uuid, ApiError>> deleteTopics(Set<Uuid> ids);

    CompletableFuture<List<CreatePartitionsTopicResult>> createPartitions(
            List<CreatePartitionsTopic> topics, boolean validateOnly);

    /** Elects leaders (KIP-460); each partition has its own result. */
    CompletableFuture<ElectLeadersResponseData> electLeaders(ElectLeadersRequestData request);

    CompletableFuture<ListPartitionReassignmentsResponseData> listPartitionReassignments(
            ListPartitionReassignmentsRequestData request);

    /** The state of the metadata quorum (KIP-595), in a version of that API. */
    CompletableFuture<DescribeQuorumResponseData> describeQuorum(DescribeQuorumRequestData request, short version);

    /** Changes single settings (KIP-339); each resource has its own result. */
    CompletableFuture<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
            IncrementalAlterConfigsRequestData request);

    /** Replaces all settings of resources; each resource has its own result. */
    CompletableFuture<AlterConfigsResponseData> alterConfigs(AlterConfigsRequestData request);

    /** A block of producer ids for this broker, which nobody else has or will get. */
    CompletableFuture<ProducerIdBlock> allocateProducerIds();

    /**
     * Consecutive producer ids.
     *
     * @param first first id of the block
     * @param size ids in it
     */
    record ProducerIdBlock(long first, int size) {}
}
