package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.embedded.Aeon;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers in which the comparison with Apache Kafka 4.4.0 has once found a difference. */
class KafkaAnswersIT {
    private static final int NO_OPERATIONS = Integer.MIN_VALUE;

    private static Aeon broker;
    private static Conversation client;
    private static TopicRequests topics;

    @BeforeAll
    static void start() {
        broker = Aeon.builder().start();
        client = new Conversation(new WireClient("127.0.0.1", broker.port()));
        topics = new TopicRequests(client);
        topics.create("orders", 1);
        topics.create("latest", 1);
        ReadyCoordinators.ofGroups(broker);
    }

    @AfterAll
    static void stop() {
        client.close();
        broker.close();
    }

    @Test
    void aBrokerWithoutARackHasNone() {
        DescribeClusterResponseData cluster = client.well(
                ApiKeys.DESCRIBE_CLUSTER,
                2,
                DescribeClusterResponseData.class,
                version -> new DescribeClusterRequestData());

        assertThat(cluster.brokers())
                .singleElement()
                .satisfies(only -> assertThat(only.rack()).isNull());
    }

    @Test
    void anUnknownTypeOfCoordinatorIsRefusedWithAMessage() {
        FindCoordinatorResponseData found = client.ask(
                ApiKeys.FIND_COORDINATOR,
                4,
                FindCoordinatorResponseData.class,
                version -> new FindCoordinatorRequestData().setKeyType((byte) 3).setCoordinatorKeys(List.of("a")));

        assertThat(found.coordinators()).singleElement().satisfies(only -> {
            assertThat(only.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
            assertThat(only.errorMessage()).isEqualTo(Errors.INVALID_REQUEST.message());
        });
    }

    @Test
    void aDeadGroupHasAuthorizedOperationsWhereItIsNoError() {
        for (int version : new int[] {3, 5, 6}) {
            DescribeGroupsResponseData described = client.ask(
                    ApiKeys.DESCRIBE_GROUPS,
                    version,
                    DescribeGroupsResponseData.class,
                    exact -> new DescribeGroupsRequestData()
                            .setGroups(List.of("nobody"))
                            .setIncludeAuthorizedOperations(true));

            assertThat(described.groups().get(0).authorizedOperations() == NO_OPERATIONS)
                    .as("version " + version)
                    .isEqualTo(version == 6);
        }
    }

    @Test
    void theProducersOfNoTopicAreRefusedWithTheReason() {
        assertThat(refusalOfProducers("a/b"))
                .isEqualTo("Topic name is invalid: 'a/b' contains one or more characters other than "
                        + "ASCII alphanumerics, '.', '_' and '-'");
        assertThat(refusalOfProducers("nowhere")).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
    }

    private static String refusalOfProducers(String topic) {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics().add(new TopicRequest().setName(topic).setPartitionIndexes(List.of(0)));
        return client.ask(ApiKeys.DESCRIBE_PRODUCERS, 0, DescribeProducersResponseData.class, version -> request)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorMessage();
    }

    @Test
    void withoutTimeNoTopicIsLookedUpToBeDeleted() {
        DeleteTopicsResponseData deleted = client.ask(
                ApiKeys.DELETE_TOPICS,
                5,
                DeleteTopicsResponseData.class,
                version -> new DeleteTopicsRequestData().setTimeoutMs(0).setTopicNames(List.of("orders", "nowhere")));

        assertThat(Conversation.errors(deleted)).containsOnly(Errors.REQUEST_TIMED_OUT);
    }

    @Test
    void noClientAddsAnInternalTopicToItsTransaction() {
        AddPartitionsToTxnTopicCollection internal = new AddPartitionsToTxnTopicCollection();
        internal.add(new AddPartitionsToTxnTopic().setName("__consumer_offsets").setPartitions(List.of(0)));
        AddPartitionsToTxnResponseData added = client.ask(
                ApiKeys.ADD_PARTITIONS_TO_TXN,
                3,
                AddPartitionsToTxnResponseData.class,
                version -> new AddPartitionsToTxnRequestData()
                        .setV3AndBelowTransactionalId("anybody")
                        .setV3AndBelowTopics(internal));

        assertThat(Conversation.errors(added)).contains(Errors.TOPIC_AUTHORIZATION_FAILED);
    }

    @Test
    void theSettingsOfAGroupKeepTheBoundsOfTheBroker() {
        AlterConfigsResourceResponse refused = setOfGroup("consumer.session.timeout.ms", "1");

        assertThat(refused.errorCode()).isEqualTo(Errors.INVALID_CONFIG.code());
        assertThat(refused.errorMessage())
                .isEqualTo("consumer.session.timeout.ms must be in the range 45000 to 60000 inclusive.");
        assertThat(setOfGroup("consumer.session.timeout.ms", "50000").errorCode())
                .isEqualTo(Errors.NONE.code());
    }

    @Test
    void theValuesOfATopicAndTheNameOfAGroupWithSettingsHaveALimit() {
        String long1001 = "0".repeat(1000) + "1";
        AlterConfigsResourceResponse topic = set(ConfigResource.Type.TOPIC, "orders", "delete.retention.ms", long1001);
        assertThat(topic.errorCode()).isEqualTo(Errors.INVALID_CONFIG.code());
        assertThat(topic.errorMessage())
                .isEqualTo("The value of delete.retention.ms has 1001 characters, allowed are 1000.");
        assertThat(set(ConfigResource.Type.TOPIC, "orders", "delete.retention.ms", long1001.substring(1))
                        .errorCode())
                .isEqualTo(Errors.NONE.code());
        AlterConfigsResourceResponse group =
                set(ConfigResource.Type.GROUP, long1001, "consumer.session.timeout.ms", "50000");
        assertThat(group.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(group.errorMessage()).contains("1001 characters");
    }

    private static AlterConfigsResourceResponse setOfGroup(String key, String value) {
        return set(ConfigResource.Type.GROUP, "bounded", key, value);
    }

    private static AlterConfigsResourceResponse set(ConfigResource.Type type, String name, String key, String value) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(type.id()).setResourceName(name);
        resource.configs().add(new AlterableConfig().setName(key).setValue(value));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        return client.ask(
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        1,
                        IncrementalAlterConfigsResponseData.class,
                        version -> request)
                .responses()
                .get(0);
    }

    @Test
    void internalSettingsOfAGroupAreNotDescribed() {
        DescribeConfigsResponseData described = client.well(
                ApiKeys.DESCRIBE_CONFIGS,
                4,
                DescribeConfigsResponseData.class,
                version -> new DescribeConfigsRequestData()
                        .setResources(List.of(new DescribeConfigsResource()
                                .setResourceType(ConfigResource.Type.GROUP.id())
                                .setResourceName("described")
                                .setConfigurationKeys(null))));

        assertThat(described.results().get(0).configs())
                .extracting(DescribeConfigsResourceResult::name)
                .contains("consumer.session.timeout.ms")
                .doesNotContain("consumer.assignor.offload.enable");
    }

    @Test
    void recordsWithWrongTimesAreRefusedInKafkasWords() {
        PartitionProduceResponse refused = produce(MemoryRecords.withRecords(
                Compression.NONE, new SimpleRecord(Long.MAX_VALUE, new byte[1], new byte[1])));

        assertThat(refused.errorMessage()).isEqualTo("One or more records have been rejected due to invalid timestamp");
        assertThat(refused.recordErrors())
                .singleElement()
                .satisfies(only -> assertThat(only.batchIndexErrorMessage())
                        .startsWith("Timestamp 9223372036854775807 of message with offset 0 is out of range. "
                                + "The timestamp should be within ["));
    }

    private static PartitionProduceResponse produce(MemoryRecords records) {
        return client.ask(
                        ApiKeys.PRODUCE,
                        12,
                        ProduceResponseData.class,
                        version -> RecordRequests.produce(version, "latest", Uuid.ZERO_UUID, records))
                .responses()
                .iterator()
                .next()
                .partitionResponses()
                .get(0);
    }

    @Test
    void aTopicWithoutPartitionsIsNotAnswered() {
        TopicProduceDataCollection produced = new TopicProduceDataCollection();
        produced.add(new TopicProduceData().setName("orders"));

        assertThat(Stream.of(
                        client.well(
                                        ApiKeys.PRODUCE,
                                        12,
                                        ProduceResponseData.class,
                                        version -> new ProduceRequestData()
                                                .setAcks((short) -1)
                                                .setTimeoutMs(60_000)
                                                .setTopicData(produced))
                                .responses(),
                        client.well(
                                        ApiKeys.LIST_OFFSETS,
                                        9,
                                        ListOffsetsResponseData.class,
                                        version -> new ListOffsetsRequestData()
                                                .setTopics(List.of(new ListOffsetsTopic().setName("orders"))))
                                .topics(),
                        client.well(
                                        ApiKeys.DELETE_RECORDS,
                                        2,
                                        DeleteRecordsResponseData.class,
                                        version -> new DeleteRecordsRequestData()
                                                .setTopics(List.of(new DeleteRecordsTopic().setName("orders"))))
                                .topics(),
                        client.well(
                                        ApiKeys.OFFSET_COMMIT,
                                        9,
                                        OffsetCommitResponseData.class,
                                        version -> new OffsetCommitRequestData()
                                                .setGroupId("committing")
                                                .setTopics(List.of(new OffsetCommitRequestTopic().setName("orders"))))
                                .topics()))
                .allSatisfy(answered -> assertThat(answered).isEmpty());
    }
}
