package io.aeon.metadata;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionRequestData;
import org.apache.kafka.common.message.AlterPartitionResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.RemoveRaftVoterResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DescribeQuorumRequest;

/**
 * The cluster's active controller, in this JVM or on another node. Requests and responses are Kafka's own messages,
 * because a broker forwards them unchanged between client and controller (KIP-590). A change completes when it is
 * durable and this broker's image contains it. As in Kafka, one that the controller has not begun within the client's
 * timeout fails with {@code TimeoutException}; one that has begun is completed.
 *
 * <p>Thread-safe; no method blocks. Futures fail with Kafka's {@code ApiException}s, and with {@code
 * KafkaStorageException} while the controller's disk refuses writes.
 */
public interface Controller {
    /**
     * Creates topics; each has its own result.
     *
     * @param quota receives the number of partitions before each topic is created, on any thread; it may refuse them by
     *     a Kafka {@code ApiException}, which is then the result of that topic alone
     */
    CompletableFuture<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request, IntConsumer quota);

    /** Creates topics for this broker itself, or for clients whom no quota slows down. */
    default CompletableFuture<CreateTopicsResponseData> createTopics(CreateTopicsRequestData request) {
        return createTopics(request, partitions -> {});
    }

    /**
     * Deletes topics by name or id ({@code topics} of the request); each has its own result. The controller looks them
     * up: this broker may not know them yet.
     *
     * @param quota as for {@link #createTopics}
     */
    CompletableFuture<DeleteTopicsResponseData> deleteTopics(DeleteTopicsRequestData request, IntConsumer quota);

    /** @param quota as for {@link #createTopics} */
    CompletableFuture<List<CreatePartitionsTopicResult>> createPartitions(
            List<CreatePartitionsTopic> topics, boolean validateOnly, int timeoutMs, IntConsumer quota);

    /** Elects leaders (KIP-460); each partition has its own result. */
    CompletableFuture<ElectLeadersResponseData> electLeaders(ElectLeadersRequestData request);

    /** Begins or cancels reassignments (KIP-455); each partition has its own result. */
    CompletableFuture<AlterPartitionReassignmentsResponseData> alterPartitionReassignments(
            AlterPartitionReassignmentsRequestData request);

    CompletableFuture<ListPartitionReassignmentsResponseData> listPartitionReassignments(
            ListPartitionReassignmentsRequestData request);

    /**
     * Changes the ISRs of partitions that a broker leads (KIP-497, KIP-903), in version 3 of AlterPartition; each
     * partition has its own result.
     */
    CompletableFuture<AlterPartitionResponseData> alterPartition(AlterPartitionRequestData request);

    /** The state of the metadata quorum (KIP-595), in the given version of DescribeQuorum. */
    CompletableFuture<DescribeQuorumResponseData> describeQuorum(DescribeQuorumRequestData request, short version);

    /** The number of voters of the metadata quorum. */
    default CompletableFuture<Integer> countVoters() {
        TopicPartition log = new TopicPartition(Topic.CLUSTER_METADATA_TOPIC_NAME, 0);
        return describeQuorum(DescribeQuorumRequest.singletonRequest(log), ApiKeys.DESCRIBE_QUORUM.latestVersion())
                .thenApply(quorum -> quorum.topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .currentVoters()
                        .size());
    }

    /** Adds a voter to the metadata quorum (KIP-853), in the given version of AddRaftVoter. */
    CompletableFuture<AddRaftVoterResponseData> addVoter(AddRaftVoterRequestData request, short version);

    /** Removes a voter of the metadata quorum (KIP-853), in the given version of RemoveRaftVoter. */
    CompletableFuture<RemoveRaftVoterResponseData> removeVoter(RemoveRaftVoterRequestData request, short version);

    /**
     * Removes the registration of a controller that does not come back; fails with {@code
     * ControllerIdNotRegisteredException} if there is none.
     */
    CompletableFuture<Void> unregisterController(int id);

    /** Changes individual settings (KIP-339); each resource has its own result. */
    CompletableFuture<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
            IncrementalAlterConfigsRequestData request);

    /** Replaces all settings of each resource; each resource has its own result. */
    CompletableFuture<AlterConfigsResponseData> alterConfigs(AlterConfigsRequestData request);

    /**
     * Changes levels of features (KIP-584), all or none.
     *
     * @param version of the request, which decides what the response tells
     */
    CompletableFuture<UpdateFeaturesResponseData> updateFeatures(UpdateFeaturesRequestData request, short version);

    /** Changes client quotas (KIP-546); each entity has its own result. */
    CompletableFuture<AlterClientQuotasResponseData> alterClientQuotas(AlterClientQuotasRequestData request);

    /** Sets and deletes SCRAM credentials (KIP-554); each user has its own result. */
    CompletableFuture<AlterUserScramCredentialsResponseData> alterScramCredentials(
            AlterUserScramCredentialsRequestData request);

    /** Removes a broker's registration; fails with {@code BrokerIdNotRegisteredException} if there is none. */
    CompletableFuture<Void> unregisterBroker(int id);

    /**
     * Records the data directories that hold replicas of this broker (AssignReplicasToDirs, KIP-858). Fails if one of
     * the partitions no longer exists.
     *
     * @param directories the directory id by partition
     */
    CompletableFuture<Void> assignDirectories(Map<TopicIdPartition, Uuid> directories);

    /** Allocates a block of producer ids that no other broker has or will get. */
    CompletableFuture<ProducerIdBlock> allocateProducerIds();

    /**
     * A block of consecutive producer ids.
     *
     * @param first first id of the block
     * @param size number of ids in the block
     */
    record ProducerIdBlock(long first, int size) {}
}
