package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.aeon.embedded.Aeon;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The replies to well-formed requests with nonsensical content. Apache Kafka 4.4.0 gives the same errors for them. */
class OddRequestsIT {
    private static final int ODD_EPOCH = -7;

    private static Aeon broker;
    private static Conversation client;
    private static TopicRequests topics;

    @BeforeAll
    static void start() {
        broker = Aeon.builder()
                .set("aeon.kafka.group.initial.rebalance.delay.ms", 0)
                .start();
        client = new Conversation(new WireClient("127.0.0.1", broker.port()));
        topics = new TopicRequests(client);
        topics.create("orders", 1);
        ReadyCoordinators.ofTransactions(broker);
    }

    @AfterAll
    static void stop() {
        client.close();
        broker.close();
    }

    @TestFactory
    Stream<DynamicTest> noVersionOfAnyApiClosesTheConnectionForWhatIsAbsentOrEmpty() {
        return client.apis()
                .flatMap(api -> client.versions(api).stream()
                        .map(version -> dynamicTest(api.name + " v" + version, () -> {
                            for (Map.Entry<String, ApiMessage> odd :
                                    new RequestVariants(api, version).all().entrySet()) {
                                isAnswered(api, version, odd.getKey(), odd.getValue());
                            }
                        })));
    }

    private static void isAnswered(ApiKeys api, int version, String what, ApiMessage request) {
        if (request instanceof ProduceRequestData produce && produce.acks() == 0) {
            return;
        }
        try (WireClient own = new WireClient("127.0.0.1", broker.port())) {
            ApiMessage response = own.call(api, version, request);
            assertThat(response).isInstanceOf(api.messageType.newResponse().getClass());
        } catch (RuntimeException e) {
            throw new AssertionError(api.name + " version " + version + " " + what + ": " + request, e);
        }
    }

    private record Case(String name, ApiKeys api, int version, ApiMessage request, Errors expected) {}

    @TestFactory
    Stream<DynamicTest> nonsenseHasTheErrorThatKafkaHasForIt() {
        List<Case> cases = new ArrayList<>(List.of(
                new Case(
                        "Produce with acks=1 needs no time",
                        ApiKeys.PRODUCE,
                        9,
                        produce("orders").setAcks((short) 1).setTimeoutMs(0),
                        Errors.NONE),
                new Case(
                        "Produce with acks that are not known",
                        ApiKeys.PRODUCE,
                        9,
                        produce("orders").setAcks((short) 2),
                        Errors.INVALID_REQUIRED_ACKS),
                new Case(
                        "Produce with acks that are not known to a topic that is not known",
                        ApiKeys.PRODUCE,
                        9,
                        produce("nowhere").setAcks((short) 2),
                        Errors.UNKNOWN_TOPIC_OR_PARTITION),
                new Case(
                        "DescribeProducers of a name that no topic can have",
                        ApiKeys.DESCRIBE_PRODUCERS,
                        0,
                        producersOf("a/b"),
                        Errors.INVALID_TOPIC_EXCEPTION),
                new Case(
                        "ElectLeaders without time in a version whose response has no error of its own",
                        ApiKeys.ELECT_LEADERS,
                        0,
                        new ElectLeadersRequestData().setTimeoutMs(0).setTopicPartitions(partitions("orders")),
                        Errors.REQUEST_TIMED_OUT),
                new Case(
                        "CreateTopics without time",
                        ApiKeys.CREATE_TOPICS,
                        7,
                        new CreateTopicsRequestData()
                                .setTimeoutMs(0)
                                .setTopics(new CreatableTopicCollection(List.of(new CreatableTopic()
                                                .setName("untimely")
                                                .setNumPartitions(1)
                                                .setReplicationFactor((short) 1))
                                        .iterator())),
                        Errors.REQUEST_TIMED_OUT),
                new Case(
                        "CreatePartitions without time",
                        ApiKeys.CREATE_PARTITIONS,
                        3,
                        new CreatePartitionsRequestData()
                                .setTimeoutMs(0)
                                .setTopics(new CreatePartitionsTopicCollection(List.of(new CreatePartitionsTopic()
                                                .setName("orders")
                                                .setCount(7)
                                                .setAssignments(null))
                                        .iterator())),
                        Errors.REQUEST_TIMED_OUT),
                new Case(
                        "DeleteTopics without time",
                        ApiKeys.DELETE_TOPICS,
                        6,
                        new DeleteTopicsRequestData()
                                .setTimeoutMs(0)
                                .setTopics(List.of(new DeleteTopicState().setName("orders"))),
                        Errors.REQUEST_TIMED_OUT),
                new Case(
                        "DeleteRecords needs no time",
                        ApiKeys.DELETE_RECORDS,
                        2,
                        new DeleteRecordsRequestData()
                                .setTimeoutMs(0)
                                .setTopics(List.of(new DeleteRecordsTopic()
                                        .setName("orders")
                                        .setPartitions(List.of(new DeleteRecordsPartition()
                                                .setPartitionIndex(0)
                                                .setOffset(0))))),
                        Errors.NONE),
                new Case(
                        "ListPartitionReassignments needs no time",
                        ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                        0,
                        new ListPartitionReassignmentsRequestData()
                                .setTimeoutMs(0)
                                .setTopics(null),
                        Errors.NONE),
                new Case(
                        "ListOffsets by a negative leader epoch",
                        ApiKeys.LIST_OFFSETS,
                        9,
                        listOffsets(ODD_EPOCH),
                        Errors.FENCED_LEADER_EPOCH),
                new Case(
                        "OffsetForLeaderEpoch by a negative leader epoch",
                        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                        4,
                        epochEnd(ODD_EPOCH),
                        Errors.FENCED_LEADER_EPOCH),
                new Case(
                        "AddOffsetsToTxn of a transaction that is not there, for a group without a name",
                        ApiKeys.ADD_OFFSETS_TO_TXN,
                        3,
                        new AddOffsetsToTxnRequestData()
                                .setTransactionalId("nobody")
                                .setGroupId(""),
                        Errors.INVALID_PRODUCER_ID_MAPPING)));
        for (int version = 12; version <= client.latest(ApiKeys.METADATA); version++) {
            cases.add(new Case(
                    "Metadata by id with neither name nor id",
                    ApiKeys.METADATA,
                    version,
                    metadata(asked(null, Uuid.ZERO_UUID)),
                    Errors.UNKNOWN_SERVER_ERROR));
            cases.add(new Case(
                    "Metadata by id beside one with neither name nor id",
                    ApiKeys.METADATA,
                    version,
                    metadata(asked(null, Uuid.ZERO_UUID), asked(null, Uuid.ONE_UUID)),
                    Errors.UNKNOWN_TOPIC_ID));
        }
        return cases.stream().map(OddRequestsIT::test);
    }

    private static DynamicTest test(Case each) {
        return dynamicTest(each.name() + ", v" + each.version(), () -> {
            try (WireClient own = new WireClient("127.0.0.1", broker.port())) {
                List<Errors> errors = Conversation.errors(own.call(each.api(), each.version(), each.request()));
                assertThat(errors.stream().filter(error -> error != Errors.NONE).distinct())
                        .isEqualTo(each.expected() == Errors.NONE ? List.of() : List.of(each.expected()));
            }
        });
    }

    /** Kafka answers UNKNOWN_SERVER_ERROR to these. */
    @TestFactory
    Stream<DynamicTest> aProducerThatCannotBeIsRefusedByName() {
        return Stream.of(
                        new Case(
                                "WriteTxnMarkers of no producer",
                                ApiKeys.WRITE_TXN_MARKERS,
                                1,
                                marker(-1, 0),
                                Errors.INVALID_PRODUCER_ID_MAPPING),
                        new Case(
                                "WriteTxnMarkers of a negative producer id",
                                ApiKeys.WRITE_TXN_MARKERS,
                                1,
                                marker(-2, 0),
                                Errors.INVALID_PRODUCER_ID_MAPPING),
                        new Case(
                                "WriteTxnMarkers of a negative epoch",
                                ApiKeys.WRITE_TXN_MARKERS,
                                1,
                                marker(1, -1),
                                Errors.INVALID_PRODUCER_EPOCH),
                        new Case(
                                "TxnOffsetCommit of no producer",
                                ApiKeys.TXN_OFFSET_COMMIT,
                                3,
                                offsets(-1, 0),
                                Errors.INVALID_PRODUCER_ID_MAPPING),
                        new Case(
                                "TxnOffsetCommit of a negative epoch",
                                ApiKeys.TXN_OFFSET_COMMIT,
                                3,
                                offsets(1, -1),
                                Errors.INVALID_PRODUCER_EPOCH))
                .map(OddRequestsIT::test);
    }

    @Test
    void aPageBehindTheLastPartitionOfATopicIsEmpty() {
        DescribeTopicPartitionsResponseData response = client.well(
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                0,
                DescribeTopicPartitionsResponseData.class,
                version -> new DescribeTopicPartitionsRequestData()
                        .setTopics(List.of(new DescribeTopicPartitionsRequestData.TopicRequest().setName("orders")))
                        .setCursor(new DescribeTopicPartitionsRequestData.Cursor()
                                .setTopicName("orders")
                                .setPartitionIndex(Integer.MAX_VALUE)));

        assertThat(response.topics())
                .singleElement()
                .satisfies(topic -> assertThat(topic.partitions()).isEmpty());
    }

    @Test
    void whatIsAskedManyTimesInOneRequestIsAnsweredOnce() {
        try (WireClient own = new WireClient("127.0.0.1", broker.port())) {
            DescribeConfigsResource resource = new DescribeConfigsResource()
                    .setResourceType(ConfigResource.Type.BROKER.id())
                    .setResourceName("1")
                    .setConfigurationKeys(null);
            DescribeConfigsResponseData configs = own.call(
                    ApiKeys.DESCRIBE_CONFIGS,
                    4,
                    new DescribeConfigsRequestData().setResources(Collections.nCopies(20_000, resource)),
                    DescribeConfigsResponseData.class);
            DescribeGroupsResponseData groups = own.call(
                    ApiKeys.DESCRIBE_GROUPS,
                    5,
                    new DescribeGroupsRequestData().setGroups(Collections.nCopies(20_000, "nobody")),
                    DescribeGroupsResponseData.class);
            ConsumerGroupDescribeResponseData consumers = own.call(
                    ApiKeys.CONSUMER_GROUP_DESCRIBE,
                    1,
                    new ConsumerGroupDescribeRequestData().setGroupIds(Collections.nCopies(20_000, "nobody")),
                    ConsumerGroupDescribeResponseData.class);
            OffsetFetchResponseData offsets = own.call(
                    ApiKeys.OFFSET_FETCH,
                    9,
                    new OffsetFetchRequestData()
                            .setGroups(Stream.of("a", "b", "c")
                                    .map(member -> new OffsetFetchRequestGroup()
                                            .setGroupId("nobody")
                                            .setMemberId(member)
                                            .setTopics(null))
                                    .toList()),
                    OffsetFetchResponseData.class);
            DescribeTransactionsResponseData transactions = own.call(
                    ApiKeys.DESCRIBE_TRANSACTIONS,
                    0,
                    new DescribeTransactionsRequestData().setTransactionalIds(Collections.nCopies(20_000, "nobody")),
                    DescribeTransactionsResponseData.class);
            DescribeProducersRequestData producers = producersOf("orders");
            producers.topics().find("orders").setPartitionIndexes(Collections.nCopies(20_000, 0));
            DescribeProducersResponseData described =
                    own.call(ApiKeys.DESCRIBE_PRODUCERS, 0, producers, DescribeProducersResponseData.class);

            assertThat(configs.results())
                    .singleElement()
                    .satisfies(only -> assertThat(only.configs()).hasSizeGreaterThan(100));
            assertThat(groups.groups()).hasSize(1);
            assertThat(consumers.groups()).hasSize(1);
            assertThat(offsets.groups()).hasSize(1);
            assertThat(transactions.transactionStates()).hasSize(1);
            assertThat(described.topics())
                    .singleElement()
                    .satisfies(only -> assertThat(only.partitions()).hasSize(1));
        }
    }

    @Test
    void theSettingsThatAreAskedForOneByOneAreDescribedTogether() {
        List<DescribeConfigsResource> resources = Stream.of("retention.ms", "segment.bytes", "retention.ms")
                .map(key -> new DescribeConfigsResource()
                        .setResourceType(ConfigResource.Type.TOPIC.id())
                        .setResourceName("orders")
                        .setConfigurationKeys(List.of(key)))
                .toList();
        try (WireClient own = new WireClient("127.0.0.1", broker.port())) {
            DescribeConfigsResponseData response = own.call(
                    ApiKeys.DESCRIBE_CONFIGS,
                    4,
                    new DescribeConfigsRequestData().setResources(resources),
                    DescribeConfigsResponseData.class);

            assertThat(response.results())
                    .singleElement()
                    .satisfies(only -> assertThat(only.configs())
                            .extracting(DescribeConfigsResourceResult::name)
                            .containsExactlyInAnyOrder("retention.ms", "segment.bytes"));
        }
    }

    @Test
    void aFetchSessionKeepsTheNameOfADeletedAndRecreatedTopic() {
        Uuid id = topics.create("passing", 1);
        FetchResponseData full = fetch(0, 0, id);
        int session = full.sessionId();
        assertThat(errors(full)).containsExactly(Errors.NONE);

        client.well(
                ApiKeys.DELETE_TOPICS,
                6,
                DeleteTopicsResponseData.class,
                version -> new DeleteTopicsRequestData()
                        .setTimeoutMs(60_000)
                        .setTopics(List.of(new DeleteTopicState().setName("passing"))));
        assertThat(errors(fetch(session, 1))).containsExactly(Errors.UNKNOWN_TOPIC_OR_PARTITION);

        Uuid again = topics.create("passing", 1);
        assertThat(errors(fetch(session, 2))).containsExactly(Errors.INCONSISTENT_TOPIC_ID);
        assertThat(errors(fetch(session, 3, again))).containsExactly(Errors.INCONSISTENT_TOPIC_ID, Errors.NONE);
        assertThat(errors(fetch(0, -1, id))).containsExactly(Errors.UNKNOWN_TOPIC_ID);
    }

    private static FetchResponseData fetch(int session, int epoch, Uuid... ids) {
        return client.ask(
                ApiKeys.FETCH,
                17,
                FetchResponseData.class,
                version -> new FetchRequestData()
                        .setSessionId(session)
                        .setSessionEpoch(epoch)
                        .setMaxWaitMs(epoch == 0 ? 0 : 10_000)
                        .setMinBytes(1)
                        .setTopics(Stream.of(ids)
                                .map(id -> new FetchTopic()
                                        .setTopicId(id)
                                        .setPartitions(List.of(new FetchPartition().setPartitionMaxBytes(1 << 20))))
                                .toList()));
    }

    private static List<Errors> errors(FetchResponseData response) {
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        return response.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(partition -> Errors.forCode(partition.errorCode()))
                .toList();
    }

    private static ProduceRequestData produce(String topic) {
        return RecordRequests.produce(9, topic, Uuid.ZERO_UUID, RecordRequests.oneRecord());
    }

    private static DescribeProducersRequestData producersOf(String topic) {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics().add(new TopicRequest().setName(topic).setPartitionIndexes(List.of(0)));
        return request;
    }

    private static ElectLeadersRequestData.TopicPartitionsCollection partitions(String topic) {
        var partitions = new ElectLeadersRequestData.TopicPartitionsCollection();
        partitions.add(
                new ElectLeadersRequestData.TopicPartitions().setTopic(topic).setPartitions(List.of(0)));
        return partitions;
    }

    private static ListOffsetsRequestData listOffsets(int epoch) {
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName("orders")
                        .setPartitions(List.of(
                                new ListOffsetsPartition().setTimestamp(-1).setCurrentLeaderEpoch(epoch)))));
    }

    private static OffsetForLeaderEpochRequestData epochEnd(int epoch) {
        OffsetForLeaderTopicCollection wanted = new OffsetForLeaderTopicCollection();
        wanted.add(new OffsetForLeaderTopic()
                .setTopic("orders")
                .setPartitions(
                        List.of(new OffsetForLeaderPartition().setLeaderEpoch(0).setCurrentLeaderEpoch(epoch))));
        return new OffsetForLeaderEpochRequestData().setReplicaId(-1).setTopics(wanted);
    }

    private static WriteTxnMarkersRequestData marker(long producerId, int epoch) {
        return new WriteTxnMarkersRequestData()
                .setMarkers(List.of(new WriteTxnMarkersRequestData.WritableTxnMarker()
                        .setProducerId(producerId)
                        .setProducerEpoch((short) epoch)
                        .setTopics(List.of(new WriteTxnMarkersRequestData.WritableTxnMarkerTopic()
                                .setName("orders")
                                .setPartitionIndexes(List.of(0))))));
    }

    private static TxnOffsetCommitRequestData offsets(long producerId, int epoch) {
        return new TxnOffsetCommitRequestData()
                .setTransactionalId("nobody")
                .setGroupId("nobody")
                .setProducerId(producerId)
                .setProducerEpoch((short) epoch)
                .setTopics(List.of(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic()
                        .setName("orders")
                        .setPartitions(List.of(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition()))));
    }

    private static MetadataRequestData metadata(MetadataRequestTopic... asked) {
        return new MetadataRequestData().setTopics(List.of(asked));
    }

    private static MetadataRequestTopic asked(String name, Uuid id) {
        return new MetadataRequestTopic().setName(name).setTopicId(id);
    }
}
