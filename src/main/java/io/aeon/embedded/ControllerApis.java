package io.aeon.embedded;

import io.aeon.api.ApiHandler;
import io.aeon.api.ApiTable;
import io.aeon.api.BrokerIdentity;
import io.aeon.api.BrokerIdentity.Features;
import io.aeon.api.authentication.AuthenticationHandlers;
import io.aeon.api.cluster.AlterUserScramCredentialsHandler;
import io.aeon.api.cluster.UnregisterBrokerHandler;
import io.aeon.api.cluster.UnregisterControllerHandler;
import io.aeon.api.cluster.UpdateFeaturesHandler;
import io.aeon.api.configs.AlterConfigsHandler;
import io.aeon.api.configs.DescribeConfigsHandler;
import io.aeon.api.configs.IncrementalAlterConfigsHandler;
import io.aeon.api.controller.AllocateProducerIdsHandler;
import io.aeon.api.controller.AlterPartitionHandler;
import io.aeon.api.controller.AssignReplicasToDirsHandler;
import io.aeon.api.controller.BrokerHeartbeatHandler;
import io.aeon.api.controller.BrokerRegistrationHandler;
import io.aeon.api.controller.ControllerRegistrationHandler;
import io.aeon.api.controller.DeferredHandler;
import io.aeon.api.controller.DescribeControllersHandler;
import io.aeon.api.controller.EnvelopeHandler;
import io.aeon.api.controller.RaftHandler;
import io.aeon.api.quotas.AlterClientQuotasHandler;
import io.aeon.api.quotas.MutationQuotas;
import io.aeon.api.topics.AlterPartitionReassignmentsHandler;
import io.aeon.api.topics.CreatePartitionsHandler;
import io.aeon.api.topics.CreateTopicsHandler;
import io.aeon.api.topics.DeleteTopicsHandler;
import io.aeon.api.topics.ElectLeadersHandler;
import io.aeon.api.topics.ListPartitionReassignmentsHandler;
import io.aeon.api.topics.PartitionLimit;
import io.aeon.config.AeonSettings;
import io.aeon.config.KafkaSettings;
import io.aeon.logging.LogLevels;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.QuorumNode;
import io.aeon.metadata.configs.BrokerLoggers;
import io.aeon.metadata.configs.ConfigDescriptions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * The request handlers of the controller listener. Requests wait until this node's controller exists; those that only
 * the active controller can answer fail with NOT_CONTROLLER on the others.
 */
final class ControllerApis {
    private static final List<ApiKeys> OF_THE_QUORUM = List.of(
            ApiKeys.VOTE,
            ApiKeys.BEGIN_QUORUM_EPOCH,
            ApiKeys.END_QUORUM_EPOCH,
            ApiKeys.FETCH,
            ApiKeys.FETCH_SNAPSHOT,
            ApiKeys.DESCRIBE_QUORUM,
            ApiKeys.ADD_RAFT_VOTER,
            ApiKeys.REMOVE_RAFT_VOTER,
            ApiKeys.UPDATE_RAFT_VOTER);
    private static final List<ApiKeys> OF_NODES = List.of(
            ApiKeys.BROKER_REGISTRATION,
            ApiKeys.BROKER_HEARTBEAT,
            ApiKeys.CONTROLLER_REGISTRATION,
            ApiKeys.ALTER_PARTITION,
            ApiKeys.ASSIGN_REPLICAS_TO_DIRS,
            ApiKeys.ALLOCATE_PRODUCER_IDS);
    private static final List<ApiKeys> OF_ADMINISTRATORS = List.of(
            ApiKeys.DESCRIBE_CLUSTER,
            ApiKeys.UNREGISTER_BROKER,
            ApiKeys.UNREGISTER_CONTROLLER,
            ApiKeys.UPDATE_FEATURES,
            ApiKeys.ALTER_CLIENT_QUOTAS,
            ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
            ApiKeys.CREATE_TOPICS,
            ApiKeys.DELETE_TOPICS,
            ApiKeys.CREATE_PARTITIONS,
            ApiKeys.ELECT_LEADERS,
            ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
            ApiKeys.LIST_PARTITION_REASSIGNMENTS,
            ApiKeys.DESCRIBE_CONFIGS,
            ApiKeys.ALTER_CONFIGS,
            ApiKeys.INCREMENTAL_ALTER_CONFIGS);

    private final AeonSettings settings;
    private final KafkaSettings kafka;
    private final CompletableFuture<QuorumNode> controller;

    /** @param controller completes with this node's controller */
    ControllerApis(AeonSettings settings, CompletableFuture<QuorumNode> controller) {
        this.settings = settings;
        this.kafka = settings.kafka();
        this.controller = controller;
    }

    ApiTable table() {
        CompletableFuture<ApiTable> made = controller.thenApply(this::tableOf);
        List<ApiHandler<?>> handlers = new ArrayList<>();
        Stream.of(OF_THE_QUORUM, OF_NODES, OF_ADMINISTRATORS)
                .flatMap(List::stream)
                .forEach(key -> handlers.add(new DeferredHandler(key, made)));
        handlers.add(new EnvelopeHandler(made));
        handlers.addAll(AuthenticationHandlers.all());
        return new ApiTable(handlers, new BrokerIdentity(settings.nodeId(), this::clusterId, this::features));
    }

    private ApiTable tableOf(QuorumNode node) {
        List<ApiHandler<?>> handlers = new ArrayList<>();
        OF_THE_QUORUM.forEach(key -> handlers.add(new RaftHandler(key, node)));
        handlers.addAll(List.of(
                new BrokerRegistrationHandler(node),
                new BrokerHeartbeatHandler(node),
                new ControllerRegistrationHandler(node),
                new AlterPartitionHandler(node),
                new AssignReplicasToDirsHandler(node),
                new AllocateProducerIdsHandler(node),
                new DescribeControllersHandler(node)));
        handlers.addAll(ofAdministrators(node.metadata()));
        return new ApiTable(handlers, new BrokerIdentity(settings.nodeId(), node::clusterId, this::features));
    }

    private List<ApiHandler<?>> ofAdministrators(Metadata metadata) {
        PartitionLimit limit = new PartitionLimit(
                settings.limits().topics(), kafka.getInt("num.partitions"), metadata::image, System::nanoTime);
        // The quotas count where the client is connected.
        MutationQuotas quotas = new MutationQuotas(
                kafka.getInt("controller.quota.window.num"),
                kafka.getInt("controller.quota.window.size.seconds"),
                Clock.systemUTC());
        BrokerLoggers loggers = new BrokerLoggers(settings.nodeId(), LogLevels.ofThisProgram());
        ConfigDescriptions descriptions = new ConfigDescriptions(settings.nodeId(), kafka, metadata.topicConfigs());
        return List.of(
                new UnregisterBrokerHandler(metadata),
                new UnregisterControllerHandler(metadata.controller()),
                new UpdateFeaturesHandler(metadata.controller()),
                new CreateTopicsHandler(metadata.controller(), limit, quotas),
                new DeleteTopicsHandler(metadata.controller(), kafka.getBoolean("delete.topic.enable"), quotas),
                new CreatePartitionsHandler(metadata.controller(), limit, quotas),
                new AlterClientQuotasHandler(metadata.controller()),
                new AlterUserScramCredentialsHandler(metadata.controller()),
                new ElectLeadersHandler(metadata.controller()),
                new AlterPartitionReassignmentsHandler(metadata.controller()),
                new ListPartitionReassignmentsHandler(metadata.controller()),
                new DescribeConfigsHandler(metadata, descriptions, loggers),
                new AlterConfigsHandler(metadata.controller(), limit),
                new IncrementalAlterConfigsHandler(metadata.controller(), loggers, limit));
    }

    private String clusterId() {
        return exists() ? controller.join().clusterId() : "";
    }

    private Features features() {
        return exists() ? featuresOf(controller.join()) : Features.NONE;
    }

    private boolean exists() {
        return controller.isDone() && !controller.isCompletedExceptionally();
    }

    private static Features featuresOf(QuorumNode node) {
        ClusterImage image = node.metadata().image();
        return new Features(node.features(), image.finalizedFeatures(), image.offset());
    }
}
