package io.aeon.embedded;

import io.aeon.api.ApiHandler;
import io.aeon.api.ApiTable;
import io.aeon.api.BrokerIdentity;
import io.aeon.api.BrokerIdentity.Features;
import io.aeon.api.authentication.AuthenticationHandlers;
import io.aeon.api.cluster.AddRaftVoterHandler;
import io.aeon.api.cluster.AlterReplicaLogDirsHandler;
import io.aeon.api.cluster.AlterUserScramCredentialsHandler;
import io.aeon.api.cluster.CreateAclsHandler;
import io.aeon.api.cluster.DeleteAclsHandler;
import io.aeon.api.cluster.DescribeAclsHandler;
import io.aeon.api.cluster.DescribeClusterHandler;
import io.aeon.api.cluster.DescribeLogDirsHandler;
import io.aeon.api.cluster.DescribeQuorumHandler;
import io.aeon.api.cluster.DescribeUserScramCredentialsHandler;
import io.aeon.api.cluster.RemoveRaftVoterHandler;
import io.aeon.api.cluster.UnregisterBrokerHandler;
import io.aeon.api.cluster.UnregisterControllerHandler;
import io.aeon.api.cluster.UpdateFeaturesHandler;
import io.aeon.api.configs.AlterConfigsHandler;
import io.aeon.api.configs.DescribeConfigsHandler;
import io.aeon.api.configs.IncrementalAlterConfigsHandler;
import io.aeon.api.configs.ListConfigResourcesHandler;
import io.aeon.api.fetch.FetchHandler;
import io.aeon.api.groups.CoordinatorTopic;
import io.aeon.api.groups.GroupHandlers;
import io.aeon.api.offsets.DeleteRecordsHandler;
import io.aeon.api.offsets.ListOffsetsHandler;
import io.aeon.api.offsets.OffsetForLeaderEpochHandler;
import io.aeon.api.produce.ProduceHandler;
import io.aeon.api.producers.DescribeProducersHandler;
import io.aeon.api.quotas.AlterClientQuotasHandler;
import io.aeon.api.quotas.ClientQuotas;
import io.aeon.api.quotas.ClientQuotas.Kind;
import io.aeon.api.quotas.DescribeClientQuotasHandler;
import io.aeon.api.quotas.MutationQuotas;
import io.aeon.api.telemetry.LatestClientMetrics;
import io.aeon.api.telemetry.TelemetryHandlers;
import io.aeon.api.topics.AlterPartitionReassignmentsHandler;
import io.aeon.api.topics.CreatePartitionsHandler;
import io.aeon.api.topics.CreateTopicsHandler;
import io.aeon.api.topics.DeleteTopicsHandler;
import io.aeon.api.topics.DescribeTopicPartitionsHandler;
import io.aeon.api.topics.ElectLeadersHandler;
import io.aeon.api.topics.ListPartitionReassignmentsHandler;
import io.aeon.api.topics.MetadataHandler;
import io.aeon.api.topics.PartitionLimit;
import io.aeon.api.transactions.TransactionHandlers;
import io.aeon.broker.BrokerServices;
import io.aeon.broker.replica.ReplicaThrottle;
import io.aeon.broker.replica.ReplicaThrottle.Side;
import io.aeon.config.AeonSettings;
import io.aeon.config.KafkaSettings;
import io.aeon.logging.LogLevels;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import io.aeon.metadata.configs.BrokerLoggers;
import io.aeon.metadata.configs.ConfigDescriptions;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The request handlers of a broker. The broker answers and announces exactly the APIs listed here. */
final class Apis {
    private final KafkaSettings settings;
    private final long bytesInFlight;
    private final PartitionLimit limit;
    private final Metadata metadata;
    private final BrokerServices services;
    private final LatestClientMetrics clientMetrics;
    private final Clock clock;
    private final CoordinatorTopic offsetsTopic;
    private final CoordinatorTopic transactionTopic;

    /** @param clock the broker's time */
    Apis(
            AeonSettings settings,
            Metadata metadata,
            BrokerServices services,
            LatestClientMetrics clientMetrics,
            Clock clock) {
        this.settings = settings.kafka();
        this.bytesInFlight = settings.network().bytesInFlight();
        this.metadata = metadata;
        this.limit = new PartitionLimit(
                settings.limits().topics(),
                settings.kafka().getInt("num.partitions"),
                metadata::image,
                System::nanoTime);
        this.services = services;
        this.clientMetrics = clientMetrics;
        this.clock = clock;
        this.offsetsTopic = CoordinatorTopic.ofGroups(metadata, this.settings, services.pool());
        this.transactionTopic = CoordinatorTopic.ofTransactions(metadata, this.settings, services.pool());
    }

    ApiTable table() {
        List<ApiHandler<?>> handlers = Stream.of(
                        ofRecords(),
                        ofTopics(),
                        ofConfigs(),
                        ofTheCluster(),
                        AuthenticationHandlers.all(),
                        TelemetryHandlers.all(
                                metadata,
                                clientMetrics,
                                settings.getInt("telemetry.max.bytes"),
                                services.decompression(),
                                System::nanoTime),
                        GroupHandlers.all(services.groups(), metadata, settings, offsetsTopic, transactionTopic),
                        TransactionHandlers.all(services, metadata, offsetsTopic, clock))
                .flatMap(List::stream)
                .toList();
        return new ApiTable(
                handlers,
                new BrokerIdentity(metadata.nodeId(), () -> metadata.image().clusterId(), this::features));
    }

    private List<ApiHandler<?>> ofRecords() {
        return List.of(
                new ProduceHandler(metadata, services, clock, quotas(Kind.PRODUCE)),
                new FetchHandler(
                        metadata,
                        services,
                        settings,
                        bytesInFlight / 2,
                        clock,
                        quotas(Kind.FETCH),
                        new ReplicaThrottle(
                                Side.LEADER,
                                metadata,
                                settings,
                                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()))),
                new ListOffsetsHandler(metadata, services),
                new OffsetForLeaderEpochHandler(metadata, services),
                new DeleteRecordsHandler(metadata, services),
                new DescribeProducersHandler(metadata, services.partitions()));
    }

    /** Whether an address may open another connection now. */
    Predicate<InetAddress> connectionQuota() {
        return quotas(Kind.CONNECT)::admits;
    }

    private ClientQuotas quotas(Kind kind) {
        ClientQuotas quotas = new ClientQuotas(
                kind,
                settings.getInt("quota.window.num"),
                settings.getInt("quota.window.size.seconds"),
                System::nanoTime);
        metadata.subscribe(quotas::see);
        return quotas;
    }

    private List<ApiHandler<?>> ofTopics() {
        MutationQuotas mutations = new MutationQuotas(
                settings.getInt("controller.quota.window.num"),
                settings.getInt("controller.quota.window.size.seconds"),
                clock);
        metadata.subscribe(mutations::see);
        return List.of(
                new MetadataHandler(
                        metadata,
                        services.partitions(),
                        settings.getBoolean("auto.create.topics.enable"),
                        limit,
                        List.of(offsetsTopic, transactionTopic),
                        services.pool()),
                new DescribeTopicPartitionsHandler(metadata, services.partitions()),
                new CreateTopicsHandler(metadata.controller(), limit, mutations),
                new CreatePartitionsHandler(metadata.controller(), limit, mutations),
                new DeleteTopicsHandler(metadata.controller(), settings.getBoolean("delete.topic.enable"), mutations),
                new ElectLeadersHandler(metadata.controller()),
                new AlterPartitionReassignmentsHandler(metadata.controller()),
                new ListPartitionReassignmentsHandler(metadata.controller()));
    }

    private List<ApiHandler<?>> ofConfigs() {
        BrokerLoggers loggers = new BrokerLoggers(metadata.nodeId(), LogLevels.ofThisProgram());
        return List.of(
                new DescribeConfigsHandler(
                        metadata,
                        new ConfigDescriptions(metadata.nodeId(), settings, metadata.topicConfigs()),
                        loggers),
                new IncrementalAlterConfigsHandler(metadata.controller(), loggers, limit),
                new AlterConfigsHandler(metadata.controller(), limit),
                new ListConfigResourcesHandler(metadata));
    }

    private List<ApiHandler<?>> ofTheCluster() {
        return List.of(
                new DescribeClusterHandler(metadata),
                new DescribeQuorumHandler(metadata.controller()),
                new AddRaftVoterHandler(metadata.controller()),
                new RemoveRaftVoterHandler(metadata.controller()),
                new UnregisterControllerHandler(metadata.controller()),
                new DescribeLogDirsHandler(metadata, services.partitions(), services.disks()),
                new AlterReplicaLogDirsHandler(metadata, services.disks(), services.mover()),
                new UnregisterBrokerHandler(metadata),
                new UpdateFeaturesHandler(metadata.controller()),
                new DescribeClientQuotasHandler(metadata),
                new AlterClientQuotasHandler(metadata.controller()),
                new DescribeUserScramCredentialsHandler(metadata),
                new AlterUserScramCredentialsHandler(metadata.controller()),
                new DescribeAclsHandler(),
                new CreateAclsHandler(),
                new DeleteAclsHandler());
    }

    /** A feature that this broker does not support is not told, even if a data directory of Apache Kafka has it. */
    private Features features() {
        ClusterImage image = metadata.image();
        Map<String, Short> finalized = new TreeMap<>(image.finalizedFeatures());
        finalized.keySet().retainAll(metadata.supportedFeatures().keySet());
        return new Features(metadata.supportedFeatures(), finalized, image.offset());
    }
}
