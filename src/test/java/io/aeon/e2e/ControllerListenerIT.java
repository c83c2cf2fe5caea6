package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.BrokerRegistrationRequestData;
import org.apache.kafka.common.message.BrokerRegistrationResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.EnvelopeRequestData;
import org.apache.kafka.common.message.EnvelopeResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a controller answers to administrators and to other nodes, on its own listener. */
class ControllerListenerIT {
    private static final short VERSION = 7;

    private static Aeon node;

    @BeforeAll
    static void start() {
        node = Aeon.builder().set("aeon.listeners.controller.port", 0).start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void administratorsReachTheControllerDirectly() throws Exception {
        ConfigResource everyBroker = new ConfigResource(ConfigResource.Type.BROKER, "");
        try (Admin admin = Admin.create(Map.of("bootstrap.controllers", controller()))) {
            await().atMost(Clients.PATIENCE)
                    .until(() -> done(admin.describeCluster().nodes()).size() == 1);
            assertThat(done(admin.describeCluster().controller()))
                    .extracting(Node::id, each -> each.host() + ":" + each.port())
                    .containsExactly(1, controller());
            QuorumInfo quorum = done(admin.describeMetadataQuorum().quorumInfo());
            assertThat(quorum.leaderId()).isEqualTo(1);
            assertThat(quorum.voters())
                    .extracting(QuorumInfo.ReplicaState::replicaId)
                    .containsExactly(1);
            done(admin.incrementalAlterConfigs(Map.of(
                            everyBroker,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("log.retention.ms", "123456"), AlterConfigOp.OpType.SET))))
                    .all());
            assertThat(done(admin.describeConfigs(List.of(everyBroker)).all())
                            .get(everyBroker)
                            .get("log.retention.ms")
                            .value())
                    .isEqualTo("123456");
        }
    }

    @Test
    void theFeaturesOfAReleaseWithoutShareGroupsAreUpgradedTogether() {
        Map<String, FeatureUpdate> release = Map.of(
                "kraft.version", new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.UPGRADE),
                "group.version", new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.UPGRADE),
                "transaction.version", new FeatureUpdate((short) 2, FeatureUpdate.UpgradeType.UPGRADE));
        try (Admin admin = new Clients(node).admin()) {
            done(admin.updateFeatures(release, new UpdateFeaturesOptions()).all());
        }
    }

    @Test
    void onlyApisOfControllersAreAnnounced() {
        try (WireClient client = client()) {
            ApiVersionsResponseData answer = client.call(
                    ApiKeys.API_VERSIONS,
                    4,
                    new ApiVersionsRequestData().setClientSoftwareName("wire").setClientSoftwareVersion("1"),
                    ApiVersionsResponseData.class);
            assertThat(answer.apiKeys())
                    .extracting(each -> ApiKeys.forId(each.apiKey()))
                    .contains(ApiKeys.VOTE, ApiKeys.FETCH, ApiKeys.BROKER_REGISTRATION, ApiKeys.ENVELOPE)
                    .contains(ApiKeys.SASL_HANDSHAKE, ApiKeys.CREATE_DELEGATION_TOKEN)
                    .doesNotContain(ApiKeys.PRODUCE, ApiKeys.METADATA, ApiKeys.JOIN_GROUP);
            assertThat(answer.supportedFeatures().find("kraft.version").maxVersion())
                    .isEqualTo((short) 1);
        }
    }

    @Test
    void aForwardedRequestIsAnsweredInsideItsEnvelope() {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(10_000);
        request.topics()
                .add(new CreatableTopic()
                        .setName("forwarded")
                        .setNumPartitions(2)
                        .setReplicationFactor((short) 1));

        EnvelopeResponseData answer = forward(ApiKeys.CREATE_TOPICS, VERSION, request);

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        ByteBufferAccessor inside = new ByteBufferAccessor(answer.responseData());
        assertThat(new ResponseHeaderData(inside, ApiKeys.CREATE_TOPICS.responseHeaderVersion(VERSION)).correlationId())
                .isEqualTo(77);
        assertThat(new CreateTopicsResponseData(inside, VERSION).topics())
                .singleElement()
                .satisfies(topic -> {
                    assertThat(Errors.forCode(topic.errorCode())).isEqualTo(Errors.NONE);
                    assertThat(topic.numPartitions()).isEqualTo(2);
                });
        try (Admin admin = new Clients(node).admin()) {
            assertThat(done(admin.describeTopics(List.of("forwarded")).allTopicNames()))
                    .containsKey("forwarded");
        }
    }

    @Test
    void whatCannotBeForwardedIsRefused() {
        assertThat(Errors.forCode(forward(ApiKeys.METADATA, (short) 12, new MetadataRequestData())
                        .errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
        assertThat(Errors.forCode(forward(ApiKeys.DESCRIBE_CLUSTER, (short) 1, new DescribeClusterRequestData())
                        .errorCode()))
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void aBrokerOfAnotherClusterIsRefused() {
        try (WireClient client = client()) {
            BrokerRegistrationResponseData answer = client.call(
                    ApiKeys.BROKER_REGISTRATION,
                    4,
                    new BrokerRegistrationRequestData().setBrokerId(9).setClusterId("another"),
                    BrokerRegistrationResponseData.class);
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INCONSISTENT_CLUSTER_ID);
            assertThat(client.call(
                                    ApiKeys.DESCRIBE_CLUSTER,
                                    1,
                                    new DescribeClusterRequestData().setEndpointType((byte) 1),
                                    DescribeClusterResponseData.class)
                            .errorCode())
                    .isEqualTo(Errors.MISMATCHED_ENDPOINT_TYPE.code());
        }
    }

    private static EnvelopeResponseData forward(ApiKeys api, short version, ApiMessage request) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(77)
                .setClientId("client");
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion(version))
                .buffer();
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, version).buffer();
        ByteBuffer whole = ByteBuffer.allocate(head.remaining() + body.remaining())
                .put(head)
                .put(body)
                .flip();
        try (WireClient client = client()) {
            return client.call(
                    ApiKeys.ENVELOPE,
                    0,
                    new EnvelopeRequestData()
                            .setRequestData(whole)
                            .setRequestPrincipal(new byte[0])
                            .setClientHostAddress(new byte[] {127, 0, 0, 1}),
                    EnvelopeResponseData.class);
        }
    }

    private static WireClient client() {
        String[] address = controller().split(":", -1);
        return new WireClient(address[0], Integer.parseInt(address[1]));
    }

    private static String controller() {
        return node.controller().orElseThrow();
    }
}
