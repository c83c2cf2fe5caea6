package io.aeon.metadata.controller;

import io.aeon.metadata.Controller;
import io.aeon.metadata.configs.AlterConfigs;
import io.aeon.metadata.configs.BrokerChanges;
import io.aeon.metadata.engine.Engine;
import io.aeon.metadata.image.FeatureLevels;
import io.aeon.metadata.image.QuotaChanges;
import io.aeon.metadata.image.ScramChanges;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
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
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.controller.ControllerRequestContext;

/** The controller of this node. It makes changes while it is the active one; otherwise they fail. */
public final class LocalController implements Controller {
    private static final int CHANGE_TIMEOUT_MS = 60_000;

    private final int nodeId;
    private final BrokerChanges receiver;
    private final Engine engine;
    private final CompletableFuture<Void> joined;

    /**
     * @param receiver the checks of this node for requests that change brokers' settings
     * @param joined completes when the controller accepts changes from this broker
     */
    public LocalController(int nodeId, BrokerChanges receiver, Engine engine, CompletableFuture<Void> joined) {
        this.nodeId = nodeId;
        this.receiver = receiver;
        this.engine = engine;
        this.joined = joined;
    }

    @Override
    public CompletableFuture<CreateTopicsResponseData> createTopics(
            CreateTopicsRequestData request, IntConsumer quota) {
        Set<String> describable =
                Set.copyOf(request.topics().stream().map(topic -> topic.name()).toList());
        return change(
                context(ApiKeys.CREATE_TOPICS, request.timeoutMs(), quota),
                context -> engine.controller().createTopics(context, request, describable, false));
    }

    @Override
    public CompletableFuture<DeleteTopicsResponseData> deleteTopics(
            DeleteTopicsRequestData request, IntConsumer quota) {
        TopicDeletion deletion = new TopicDeletion(request.topics());
        return change(
                context(ApiKeys.DELETE_TOPICS, request.timeoutMs(), quota),
                context -> deletion.carryOut(context, engine.controller()));
    }

    @Override
    public CompletableFuture<List<CreatePartitionsTopicResult>> createPartitions(
            List<CreatePartitionsTopic> topics, boolean validateOnly, int timeoutMs, IntConsumer quota) {
        return change(
                context(ApiKeys.CREATE_PARTITIONS, timeoutMs, quota),
                context -> engine.controller().createPartitions(context, topics, validateOnly));
    }

    @Override
    public CompletableFuture<ElectLeadersResponseData> electLeaders(ElectLeadersRequestData request) {
        return change(
                ApiKeys.ELECT_LEADERS,
                request.timeoutMs(),
                context -> engine.controller().electLeaders(context, request));
    }

    @Override
    public CompletableFuture<AlterPartitionReassignmentsResponseData> alterPartitionReassignments(
            AlterPartitionReassignmentsRequestData request) {
        return change(
                ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                request.timeoutMs(),
                context -> engine.controller().alterPartitionReassignments(context, request));
    }

    @Override
    public CompletableFuture<ListPartitionReassignmentsResponseData> listPartitionReassignments(
            ListPartitionReassignmentsRequestData request) {
        return change(
                ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                CHANGE_TIMEOUT_MS,
                context -> engine.controller().listPartitionReassignments(context, request));
    }

    @Override
    public CompletableFuture<AlterPartitionResponseData> alterPartition(AlterPartitionRequestData request) {
        return change(
                ApiKeys.ALTER_PARTITION,
                CHANGE_TIMEOUT_MS,
                context -> engine.controller().alterPartition(context, request));
    }

    @Override
    public CompletableFuture<DescribeQuorumResponseData> describeQuorum(
            DescribeQuorumRequestData request, short version) {
        return askQuorum(request, version, DescribeQuorumResponseData.class);
    }

    @Override
    public CompletableFuture<AddRaftVoterResponseData> addVoter(AddRaftVoterRequestData request, short version) {
        return askQuorum(request, version, AddRaftVoterResponseData.class);
    }

    @Override
    public CompletableFuture<RemoveRaftVoterResponseData> removeVoter(
            RemoveRaftVoterRequestData request, short version) {
        return askQuorum(request, version, RemoveRaftVoterResponseData.class);
    }

    private <T extends ApiMessage> CompletableFuture<T> askQuorum(ApiMessage request, short version, Class<T> answer) {
        return engine.unlessRefused(
                () -> engine.raft().answer(request, version, 0).thenApply(answer::cast));
    }

    @Override
    public CompletableFuture<Void> unregisterController(int id) {
        return change(
                ApiKeys.UNREGISTER_CONTROLLER,
                CHANGE_TIMEOUT_MS,
                context -> engine.controller().unregisterController(context, id));
    }

    @Override
    public CompletableFuture<IncrementalAlterConfigsResponseData> incrementalAlterConfigs(
            IncrementalAlterConfigsRequestData request) {
        return AlterConfigs.incremental(
                receiver,
                request,
                changes -> change(
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        CHANGE_TIMEOUT_MS,
                        context -> engine.controller()
                                .incrementalAlterConfigs(context, changes, request.validateOnly(), false)));
    }

    @Override
    public CompletableFuture<AlterConfigsResponseData> alterConfigs(AlterConfigsRequestData request) {
        return AlterConfigs.replacing(
                receiver,
                request,
                changes -> change(
                        ApiKeys.ALTER_CONFIGS,
                        CHANGE_TIMEOUT_MS,
                        context -> engine.controller()
                                .legacyAlterConfigs(context, changes, request.validateOnly(), false)));
    }

    @Override
    public CompletableFuture<UpdateFeaturesResponseData> updateFeatures(
            UpdateFeaturesRequestData request, short version) {
        return FeatureLevels.update(
                request,
                nodeId,
                engine.raft().client().kraftVersion(),
                changes -> change(
                        context(ApiKeys.UPDATE_FEATURES, version, CHANGE_TIMEOUT_MS, partitions -> {}),
                        context -> engine.controller().updateFeatures(context, changes)));
    }

    @Override
    public CompletableFuture<AlterClientQuotasResponseData> alterClientQuotas(AlterClientQuotasRequestData request) {
        return new QuotaChanges(request, engine.images().latest())
                .apply(changes -> change(
                        ApiKeys.ALTER_CLIENT_QUOTAS,
                        CHANGE_TIMEOUT_MS,
                        context -> engine.controller().alterClientQuotas(context, changes, request.validateOnly())));
    }

    @Override
    public CompletableFuture<AlterUserScramCredentialsResponseData> alterScramCredentials(
            AlterUserScramCredentialsRequestData request) {
        return new ScramChanges(request, engine.images().latest().kafka().scram())
                .apply(changes -> change(
                        ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                        CHANGE_TIMEOUT_MS,
                        context -> engine.controller().alterUserScramCredentials(context, changes)));
    }

    @Override
    public CompletableFuture<Void> unregisterBroker(int id) {
        return change(
                ApiKeys.UNREGISTER_BROKER,
                CHANGE_TIMEOUT_MS,
                context -> engine.controller().unregisterBroker(context, id));
    }

    @Override
    public CompletableFuture<Void> assignDirectories(Map<TopicIdPartition, Uuid> directories) {
        return change(ApiKeys.ASSIGN_REPLICAS_TO_DIRS, CHANGE_TIMEOUT_MS, context -> {
                    long epoch = engine.images().latest().kafka().cluster().brokerEpoch(nodeId);
                    return engine.controller()
                            .assignReplicasToDirs(context, DirectoryAssignments.request(nodeId, epoch, directories));
                })
                .thenAccept(DirectoryAssignments::requireSuccess);
    }

    @Override
    public CompletableFuture<ProducerIdBlock> allocateProducerIds() {
        return change(ApiKeys.ALLOCATE_PRODUCER_IDS, CHANGE_TIMEOUT_MS, context -> {
                    long epoch = engine.images().latest().kafka().cluster().brokerEpoch(nodeId);
                    return engine.controller().allocateProducerIds(context, ProducerIdRequests.request(nodeId, epoch));
                })
                .thenApply(ProducerIdRequests::block);
    }

    /** Calls the active controller; completes once this broker's image contains the change. */
    private <T> CompletableFuture<T> change(
            ApiKeys api, int timeoutMs, Function<ControllerRequestContext, CompletableFuture<T>> call) {
        return change(context(api, timeoutMs, partitions -> {}), call);
    }

    private <T> CompletableFuture<T> change(
            Supplier<ControllerRequestContext> context, Function<ControllerRequestContext, CompletableFuture<T>> call) {
        return engine.unlessRefused(
                () -> joined.thenCompose(ok -> call.apply(context.get())).thenCompose(engine::whenVisible));
    }

    private Supplier<ControllerRequestContext> context(ApiKeys api, int timeoutMs, IntConsumer quota) {
        return context(api, api.latestVersion(), timeoutMs, quota);
    }

    /** The time begins to run when the controller is asked. */
    private Supplier<ControllerRequestContext> context(ApiKeys api, short version, int timeoutMs, IntConsumer quota) {
        return () -> new ControllerRequestContext(
                new RequestHeaderData().setRequestApiKey(api.id).setRequestApiVersion(version),
                KafkaPrincipal.ANONYMOUS,
                ControllerRequestContext.requestTimeoutMsToDeadlineNs(engine.time(), timeoutMs),
                quota::accept);
    }
}
