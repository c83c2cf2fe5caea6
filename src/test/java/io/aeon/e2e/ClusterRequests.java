package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopicCollection;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.RemoveRaftVoterResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.message.UnregisterControllerRequestData;
import org.apache.kafka.common.message.UnregisterControllerResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Valid requests of the APIs that describe and change the cluster and its settings, with the expected replies. */
final class ClusterRequests {
    private static final byte TOPIC = 2;
    private static final int PATIENCE_MS = 30_000;
    private static final Uuid DIRECTORY = new Uuid(7, 7);
    private static final String SETTING = "retention.ms";

    private final Conversation broker;
    private final String topic;

    /** @param topic a topic whose settings may be changed */
    ClusterRequests(Conversation broker, String topic) {
        this.broker = broker;
        this.topic = topic;
    }

    Map<ApiKeys, IntConsumer> all() {
        return Map.ofEntries(
                Map.entry(ApiKeys.API_VERSIONS, this::apiVersions),
                Map.entry(ApiKeys.DESCRIBE_CLUSTER, this::describeCluster),
                Map.entry(ApiKeys.DESCRIBE_QUORUM, this::describeQuorum),
                Map.entry(ApiKeys.ADD_RAFT_VOTER, this::addVoter),
                Map.entry(ApiKeys.REMOVE_RAFT_VOTER, this::removeVoter),
                Map.entry(ApiKeys.UNREGISTER_CONTROLLER, this::unregisterController),
                Map.entry(ApiKeys.DESCRIBE_LOG_DIRS, this::describeLogDirs),
                Map.entry(ApiKeys.ALTER_REPLICA_LOG_DIRS, this::alterLogDirs),
                Map.entry(ApiKeys.UNREGISTER_BROKER, this::unregisterBroker),
                Map.entry(ApiKeys.UPDATE_FEATURES, this::updateFeatures),
                Map.entry(ApiKeys.ALTER_CLIENT_QUOTAS, this::alterClientQuotas),
                Map.entry(ApiKeys.DESCRIBE_CLIENT_QUOTAS, this::alterClientQuotas),
                Map.entry(
                        ApiKeys.DESCRIBE_CONFIGS,
                        version -> assertThat(setting(version)).isNotNull()),
                Map.entry(ApiKeys.ALTER_CONFIGS, this::alterConfigs),
                Map.entry(ApiKeys.INCREMENTAL_ALTER_CONFIGS, this::incrementalAlterConfigs),
                Map.entry(ApiKeys.LIST_CONFIG_RESOURCES, this::listConfigResources),
                Map.entry(
                        ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS,
                        version -> assertThat(subscription(version).pushIntervalMs())
                                .isPositive()),
                Map.entry(ApiKeys.PUSH_TELEMETRY, this::pushTelemetry));
    }

    private void apiVersions(int version) {
        ApiVersionsResponseData told = broker.well(
                ApiKeys.API_VERSIONS,
                version,
                ApiVersionsResponseData.class,
                exact -> new ApiVersionsRequestData()
                        .setClientSoftwareName("wire")
                        .setClientSoftwareVersion("1"));
        assertThat(told.apiKeys().find(ApiKeys.API_VERSIONS.id).maxVersion())
                .isEqualTo(ApiKeys.API_VERSIONS.latestVersion());
    }

    private void describeCluster(int version) {
        DescribeClusterResponseData described = broker.well(
                ApiKeys.DESCRIBE_CLUSTER,
                version,
                DescribeClusterResponseData.class,
                exact -> new DescribeClusterRequestData());
        assertThat(described.brokers().find(1)).isNotNull();
        assertThat(described.clusterId()).isNotEmpty();
    }

    private void describeQuorum(int version) {
        DescribeQuorumResponseData described = broker.well(
                ApiKeys.DESCRIBE_QUORUM,
                version,
                DescribeQuorumResponseData.class,
                exact -> new DescribeQuorumRequestData()
                        .setTopics(List.of(new DescribeQuorumRequestData.TopicData()
                                .setTopicName("__cluster_metadata")
                                .setPartitions(
                                        List.of(new DescribeQuorumRequestData.PartitionData().setPartitionIndex(0))))));
        assertThat(described.topics().get(0).partitions().get(0).leaderId()).isEqualTo(1);
    }

    /** As in Kafka, kraft.version 0 has no voters that come and go. */
    private void addVoter(int version) {
        AddRaftVoterRequestData request = new AddRaftVoterRequestData()
                .setClusterId(null)
                .setTimeoutMs(PATIENCE_MS)
                .setVoterId(7)
                .setVoterDirectoryId(DIRECTORY);
        request.listeners()
                .add(new AddRaftVoterRequestData.Listener()
                        .setName("CONTROLLER")
                        .setHost("127.0.0.1")
                        .setPort(9));
        AddRaftVoterResponseData response =
                broker.ask(ApiKeys.ADD_RAFT_VOTER, version, AddRaftVoterResponseData.class, exact -> request);
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(response.errorMessage()).contains("kraft.version feature is 0");
    }

    private void removeVoter(int version) {
        RemoveRaftVoterResponseData response = broker.ask(
                ApiKeys.REMOVE_RAFT_VOTER,
                version,
                RemoveRaftVoterResponseData.class,
                exact -> new RemoveRaftVoterRequestData()
                        .setClusterId(null)
                        .setVoterId(1)
                        .setVoterDirectoryId(DIRECTORY));
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.UNSUPPORTED_VERSION);
        assertThat(response.errorMessage()).contains("kraft.version feature is 0");
    }

    private void unregisterController(int version) {
        UnregisterControllerResponseData response = broker.ask(
                ApiKeys.UNREGISTER_CONTROLLER,
                version,
                UnregisterControllerResponseData.class,
                exact -> new UnregisterControllerRequestData().setControllerId(7));
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.CONTROLLER_ID_NOT_REGISTERED);
    }

    private void describeLogDirs(int version) {
        DescribableLogDirTopicCollection topics = new DescribableLogDirTopicCollection();
        topics.add(new DescribableLogDirTopic().setTopic(topic).setPartitions(List.of(0)));
        DescribeLogDirsResponseData described = broker.well(
                ApiKeys.DESCRIBE_LOG_DIRS,
                version,
                DescribeLogDirsResponseData.class,
                exact -> new DescribeLogDirsRequestData().setTopics(topics));
        assertThat(described.results().get(0).topics())
                .singleElement()
                .satisfies(only -> assertThat(only.name()).isEqualTo(topic));
    }

    private void alterLogDirs(int version) {
        String here = broker.well(
                        ApiKeys.DESCRIBE_LOG_DIRS,
                        1,
                        DescribeLogDirsResponseData.class,
                        exact -> new DescribeLogDirsRequestData())
                .results()
                .get(0)
                .logDir();
        assertThat(moved(version, here, topic)).isEqualTo(Errors.NONE);
        assertThat(moved(version, here + "/elsewhere", topic)).isEqualTo(Errors.LOG_DIR_NOT_FOUND);
        assertThat(moved(version, here, "unknown")).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private Errors moved(int version, String directory, String name) {
        AlterReplicaLogDirsRequestData request = new AlterReplicaLogDirsRequestData();
        AlterReplicaLogDir dir = new AlterReplicaLogDir().setPath(directory);
        dir.topics().add(new AlterReplicaLogDirTopic().setName(name).setPartitions(List.of(0)));
        request.dirs().add(dir);
        AlterReplicaLogDirsResponseData response = broker.ask(
                ApiKeys.ALTER_REPLICA_LOG_DIRS, version, AlterReplicaLogDirsResponseData.class, exact -> request);
        return Errors.forCode(response.results().get(0).partitions().get(0).errorCode());
    }

    private void unregisterBroker(int version) {
        assertThat(unregistered(version, 7)).isEqualTo(Errors.BROKER_ID_NOT_REGISTERED);
        assertThat(unregistered(version, 1)).isEqualTo(Errors.INVALID_REQUEST);
    }

    private void updateFeatures(int version) {
        UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
        request.featureUpdates()
                .add(new FeatureUpdateKey().setFeature("group.version").setMaxVersionLevel((short) 1));
        broker.well(ApiKeys.UPDATE_FEATURES, version, UpdateFeaturesResponseData.class, exact -> request);
    }

    private void alterClientQuotas(int version) {
        double bound = 1_000_000 + version;
        AlterClientQuotasRequestData.EntryData entry = new AlterClientQuotasRequestData.EntryData();
        entry.entity()
                .add(new AlterClientQuotasRequestData.EntityData()
                        .setEntityType("client-id")
                        .setEntityName("somebody"));
        entry.ops()
                .add(new AlterClientQuotasRequestData.OpData()
                        .setKey("producer_byte_rate")
                        .setValue(bound));
        broker.well(
                ApiKeys.ALTER_CLIENT_QUOTAS,
                version,
                AlterClientQuotasResponseData.class,
                exact -> new AlterClientQuotasRequestData().setEntries(List.of(entry)));
        DescribeClientQuotasResponseData described = broker.well(
                ApiKeys.DESCRIBE_CLIENT_QUOTAS,
                version,
                DescribeClientQuotasResponseData.class,
                exact -> new DescribeClientQuotasRequestData());
        assertThat(described.entries()).singleElement().satisfies(only -> {
            assertThat(only.entity().get(0).entityName()).isEqualTo("somebody");
            assertThat(only.values().get(0).value()).isEqualTo(bound);
        });
    }

    private Errors unregistered(int version, int id) {
        return Errors.forCode(broker.ask(
                        ApiKeys.UNREGISTER_BROKER,
                        version,
                        UnregisterBrokerResponseData.class,
                        exact -> new UnregisterBrokerRequestData().setBrokerId(id))
                .errorCode());
    }

    private String setting(int version) {
        DescribeConfigsResponseData described = broker.well(
                ApiKeys.DESCRIBE_CONFIGS,
                version,
                DescribeConfigsResponseData.class,
                exact -> new DescribeConfigsRequestData()
                        .setResources(List.of(new DescribeConfigsResource()
                                .setResourceType(TOPIC)
                                .setResourceName(topic)
                                .setConfigurationKeys(List.of(SETTING)))));
        return described.results().get(0).configs().get(0).value();
    }

    private void alterConfigs(int version) {
        String value = Integer.toString(1_000_000 + version);
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        AlterConfigsRequestData.AlterConfigsResource resource = new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(TOPIC)
                .setResourceName(topic);
        resource.configs().add(new AlterableConfig().setName(SETTING).setValue(value));
        request.resources().add(resource);
        broker.well(ApiKeys.ALTER_CONFIGS, version, AlterConfigsResponseData.class, exact -> request);
        assertThat(setting(version)).isEqualTo(value);
    }

    private void incrementalAlterConfigs(int version) {
        String value = Integer.toString(2_000_000 + version);
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        IncrementalAlterConfigsRequestData.AlterConfigsResource resource =
                new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                        .setResourceType(TOPIC)
                        .setResourceName(topic);
        resource.configs()
                .add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                        .setName(SETTING)
                        .setValue(value));
        request.resources().add(resource);
        broker.well(
                ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                version,
                IncrementalAlterConfigsResponseData.class,
                exact -> request);
        assertThat(setting(version)).isEqualTo(value);
    }

    private void listConfigResources(int version) {
        ListConfigResourcesResponseData listed = broker.well(
                ApiKeys.LIST_CONFIG_RESOURCES,
                version,
                ListConfigResourcesResponseData.class,
                exact -> new ListConfigResourcesRequestData());
        assertThat(listed.configResources().stream()
                        .anyMatch(each -> each.resourceName().equals(topic)))
                .isEqualTo(version > 0);
    }

    private GetTelemetrySubscriptionsResponseData subscription(int version) {
        return broker.well(
                ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS,
                version,
                GetTelemetrySubscriptionsResponseData.class,
                exact -> new GetTelemetrySubscriptionsRequestData());
    }

    private void pushTelemetry(int version) {
        GetTelemetrySubscriptionsResponseData told = subscription(version);
        broker.well(
                ApiKeys.PUSH_TELEMETRY,
                version,
                PushTelemetryResponseData.class,
                exact -> new PushTelemetryRequestData()
                        .setClientInstanceId(told.clientInstanceId())
                        .setSubscriptionId(told.subscriptionId())
                        .setMetrics(ByteBuffer.wrap(new byte[] {1})));
    }
}
