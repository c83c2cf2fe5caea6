package io.aeon.metadata.controller;

import io.aeon.metadata.Controller;
import io.aeon.metadata.channel.AlterConfigsMessages;
import io.aeon.metadata.channel.ControllerChannel;
import io.aeon.metadata.channel.QuotaMessages;
import io.aeon.metadata.configs.AlterConfigs;
import io.aeon.metadata.configs.BrokerChanges;
import io.aeon.metadata.image.FeatureLevels;
import io.aeon.metadata.image.Images;
import io.aeon.metadata.image.QuotaChanges;
import io.aeon.metadata.image.ScramChanges;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.AllocateProducerIdsResponseData;
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
import org.apache.kafka.common.message.AssignReplicasToDirsResponseData;
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
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.message.UnregisterControllerRequestData;
import org.apache.kafka.common.message.UnregisterControllerResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.common.KRaftVersion;
import org.jspecify.annotations.Nullable;

/**
 * The active controller of a cluster of several nodes, reached over the network also if it runs on this node. This
 * broker's image contains the topics that are created or deleted, unless it is seconds behind; other changes reach it a
 * little after they complete, as in Kafka.
 */
public final class RemoteController implements Controller {
    private static final int TIMEOUT_MS = 60_000;

    private final int nodeId;
    private final LongSupplier brokerEpoch;
    private final ControllerCalls calls;
    private final RemoteTopics topics;
    private final Images images;
    private final BrokerChanges receiver;

    /**
     * @param brokerEpoch epoch of this broker's registration
     * @param partitionsByDefault partitions of a topic that is created without a number ({@code num.partitions})
     * @param receiver the checks of this broker for requests that change brokers' settings
     */
    public RemoteController(
            int nodeId,
            LongSupplier brokerEpoch,
            int partitionsByDefault,
            ControllerChannel channel,
            Images images,
            BrokerChanges receiver,
            Time time) {
        this.nodeId = nodeId;
        this.brokerEpoch = brokerEpoch;
        this.calls = new ControllerCalls(channel);
        this.topics = new RemoteTopics(partitionsByDefault, calls, images, time);
        this.images = images;
        this.receiver = receiver;
    }

    @Override
    public CompletableFuture<CreateTopicsResponseData> createTopics(
            CreateTopicsRequestData request, IntConsumer quota) {
        return topics.create(request, quota);
    }

    @Override
    public CompletableFuture<DeleteTopicsResponseData> deleteTopics(
            DeleteTopicsRequestData request, IntConsumer quota) {
        return topics.delete(request, quota);
    }

    @Override
    public CompletableFuture<List<CreatePartitionsTopicResult>> createPartitions(
            List<CreatePartitionsTopic> changed, boolean validateOnly, int timeoutMs, IntConsumer quota) {
        return topics.addPartitions(changed, validateOnly, timeoutMs, quota);
    }

    @Override
    public CompletableFuture<ElectLeadersResponseData> electLeaders(ElectLeadersRequestData request) {
        return calls.send(ApiKeys.ELECT_LEADERS, request, request.timeoutMs(), ElectLeadersResponseData.class);
    }

    @Override
    public CompletableFuture<AlterPartitionReassignmentsResponseData> alterPartitionReassignments(
            AlterPartitionReassignmentsRequestData request) {
        return calls.send(
                ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                request,
                request.timeoutMs(),
                AlterPartitionReassignmentsResponseData.class);
    }

    @Override
    public CompletableFuture<ListPartitionReassignmentsResponseData> listPartitionReassignments(
            ListPartitionReassignmentsRequestData request) {
        return calls.send(
                ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                request,
                request.timeoutMs(),
                ListPartitionReassignmentsResponseData.class);
    }

    @Override
    public CompletableFuture<AlterPartitionResponseData> alterPartition(AlterPartitionRequestData request) {
        return calls.send(ApiKeys.ALTER_PARTITION, request, TIMEOUT_MS, AlterPartitionResponseData.class);
    }

    @Override
    public CompletableFuture<DescribeQuorumResponseData> describeQuorum(
            DescribeQuorumRequestData request, short version) {
        return calls.send(ApiKeys.DESCRIBE_QUORUM, version, request, TIMEOUT_MS, DescribeQuorumResponseData.class);
    }

    @Override
    public CompletableFuture<AddRaftVoterResponseData> addVoter(AddRaftVoterRequestData request, short version) {
        return calls.send(
                ApiKeys.ADD_RAFT_VOTER, version, request, request.timeoutMs(), AddRaftVoterResponseData.class);
    }

    @Override
    public CompletableFuture<RemoveRaftVoterResponseData> removeVoter(
            RemoveRaftVoterRequestData request, short version) {
        return calls.send(ApiKeys.REMOVE_RAFT_VOTER, version, request, TIMEOUT_MS, RemoveRaftVoterResponseData.class);
    }

    @Override
    public CompletableFuture<Void> unregisterController(int id) {
        return calls.send(
                        ApiKeys.UNREGISTER_CONTROLLER,
                        new UnregisterControllerRequestData().setControllerId(id),
                        TIMEOUT_MS,
                        UnregisterControllerResponseData.class)
                .thenAccept(response -> requireSuccess(response.errorCode(), response.errorMessage()));
    }

    @Override
    public CompletableFuture<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
            IncrementalAlterConfigsRequestData request) {
        return AlterConfigs.incremental(
                receiver,
                request,
                changes -> calls.send(
                                ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                                AlterConfigsMessages.incremental(changes, request.validateOnly()),
                                TIMEOUT_MS,
                                IncrementalAlterConfigsResponseData.class)
                        .thenApply(AlterConfigsMessages::results));
    }

    @Override
    public CompletableFuture<AlterConfigsResponseData> alterConfigs(AlterConfigsRequestData request) {
        return AlterConfigs.replacing(
                receiver,
                request,
                changes -> calls.send(
                                ApiKeys.ALTER_CONFIGS,
                                AlterConfigsMessages.replacing(changes, request.validateOnly()),
                                TIMEOUT_MS,
                                AlterConfigsResponseData.class)
                        .thenApply(AlterConfigsMessages::results));
    }

    @Override
    public CompletableFuture<UpdateFeaturesResponseData> updateFeatures(
            UpdateFeaturesRequestData request, short version) {
        return FeatureLevels.update(
                request,
                nodeId,
                KRaftVersion.LATEST_PRODUCTION,
                changes -> calls.send(
                        ApiKeys.UPDATE_FEATURES, version, changes, TIMEOUT_MS, UpdateFeaturesResponseData.class));
    }

    @Override
    public CompletableFuture<AlterClientQuotasResponseData> alterClientQuotas(AlterClientQuotasRequestData request) {
        return new QuotaChanges(request, images.latest())
                .apply(changes -> calls.send(
                                ApiKeys.ALTER_CLIENT_QUOTAS,
                                QuotaMessages.changes(changes, request.validateOnly()),
                                TIMEOUT_MS,
                                AlterClientQuotasResponseData.class)
                        .thenApply(QuotaMessages::results));
    }

    @Override
    public CompletableFuture<AlterUserScramCredentialsResponseData> alterScramCredentials(
            AlterUserScramCredentialsRequestData request) {
        return new ScramChanges(request, images.latest().kafka().scram())
                .apply(changes -> calls.send(
                        ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                        changes,
                        TIMEOUT_MS,
                        AlterUserScramCredentialsResponseData.class));
    }

    @Override
    public CompletableFuture<Void> assignDirectories(Map<TopicIdPartition, Uuid> directories) {
        return calls.send(
                        ApiKeys.ASSIGN_REPLICAS_TO_DIRS,
                        DirectoryAssignments.request(nodeId, brokerEpoch.getAsLong(), directories),
                        TIMEOUT_MS,
                        AssignReplicasToDirsResponseData.class)
                .thenAccept(DirectoryAssignments::requireSuccess);
    }

    @Override
    public CompletableFuture<Void> unregisterBroker(int id) {
        return calls.send(
                        ApiKeys.UNREGISTER_BROKER,
                        new UnregisterBrokerRequestData().setBrokerId(id),
                        TIMEOUT_MS,
                        UnregisterBrokerResponseData.class)
                .thenAccept(response -> requireSuccess(response.errorCode(), response.errorMessage()));
    }

    private static void requireSuccess(short error, @Nullable String message) {
        if (error != Errors.NONE.code()) {
            throw Errors.forCode(error).exception(message);
        }
    }

    @Override
    public CompletableFuture<ProducerIdBlock> allocateProducerIds() {
        return calls.send(
                        ApiKeys.ALLOCATE_PRODUCER_IDS,
                        ProducerIdRequests.request(nodeId, brokerEpoch.getAsLong()),
                        TIMEOUT_MS,
                        AllocateProducerIdsResponseData.class)
                .thenApply(ProducerIdRequests::block);
    }
}
