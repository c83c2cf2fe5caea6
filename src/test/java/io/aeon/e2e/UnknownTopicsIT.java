package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.aeon.embedded.Aeon;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every API that names partitions reports an unknown topic or partition as Kafka 4.4.0 does, in every version. */
class UnknownTopicsIT {
    /** First version of each API that names topics by id. */
    private static final Map<ApiKeys, Integer> BY_ID = Map.of(
            ApiKeys.PRODUCE, 13,
            ApiKeys.FETCH, 13,
            ApiKeys.OFFSET_COMMIT, 10,
            ApiKeys.TXN_OFFSET_COMMIT, 6);

    private static Aeon broker;
    private static Conversation client;

    @BeforeAll
    static void start() {
        broker = Aeon.builder().start();
        client = new Conversation(new WireClient("127.0.0.1", broker.port()));
    }

    @AfterAll
    static void stop() {
        client.close();
        broker.close();
    }

    @TestFactory
    Stream<DynamicTest> aTopicOrPartitionThatIsNotThereHasKafkasError() {
        Partition outOfRange = new Partition("here", new TopicRequests(client).create("here", 1), 1);
        Partition ofNowhere = new Partition("nowhere", Uuid.ONE_UUID, 0);
        return requests().entrySet().stream()
                .flatMap(each -> client.versions(each.getKey()).stream().flatMap(version -> {
                    boolean byId = version >= BY_ID.getOrDefault(each.getKey(), Integer.MAX_VALUE);
                    Errors unknown = byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
                    return Stream.of(
                            asked(each.getKey(), version, each.getValue(), ofNowhere, unknown),
                            asked(
                                    each.getKey(),
                                    version,
                                    each.getValue(),
                                    outOfRange,
                                    Errors.UNKNOWN_TOPIC_OR_PARTITION));
                }));
    }

    private static DynamicTest asked(ApiKeys api, int version, Request request, Partition partition, Errors expected) {
        return dynamicTest(api.name + " v" + version + " of " + partition.topic(), () -> {
            boolean byId = version >= BY_ID.getOrDefault(api, Integer.MAX_VALUE);
            Partition named = byId
                    ? new Partition("", partition.id(), partition.index())
                    : new Partition(partition.topic(), Uuid.ZERO_UUID, partition.index());
            ApiMessage response = client.ask(
                    api, version, api.messageType.newResponse().getClass(), exact -> request.of(named, exact));
            assertThat(Conversation.errors(response).stream().filter(error -> error != Errors.NONE))
                    .containsExactly(expected);
        });
    }

    private record Partition(String topic, Uuid id, int index) {}

    private interface Request {
        ApiMessage of(Partition partition, int version);
    }

    private static Map<ApiKeys, Request> requests() {
        return Map.ofEntries(
                Map.entry(ApiKeys.PRODUCE, UnknownTopicsIT::produce),
                Map.entry(ApiKeys.FETCH, (partition, version) -> fetch(partition)),
                Map.entry(ApiKeys.LIST_OFFSETS, (partition, version) -> listOffsets(partition)),
                Map.entry(ApiKeys.OFFSET_FOR_LEADER_EPOCH, (partition, version) -> epochEnd(partition)),
                Map.entry(ApiKeys.DELETE_RECORDS, (partition, version) -> deleteRecords(partition)),
                Map.entry(ApiKeys.DESCRIBE_PRODUCERS, (partition, version) -> describeProducers(partition)),
                Map.entry(ApiKeys.OFFSET_COMMIT, (partition, version) -> commit(partition)),
                Map.entry(ApiKeys.TXN_OFFSET_COMMIT, (partition, version) -> commitInTransaction(partition)),
                Map.entry(ApiKeys.ADD_PARTITIONS_TO_TXN, UnknownTopicsIT::addToTransaction),
                Map.entry(ApiKeys.WRITE_TXN_MARKERS, (partition, version) -> writeMarkers(partition)));
    }

    private static ApiMessage produce(Partition partition, int version) {
        var request = RecordRequests.produce(version, partition.topic(), partition.id(), RecordRequests.oneRecord());
        request.topicData()
                .iterator()
                .next()
                .setPartitionData(List.of(
                        new PartitionProduceData().setIndex(partition.index()).setRecords(RecordRequests.oneRecord())));
        return request;
    }

    private static ApiMessage fetch(Partition partition) {
        return new FetchRequestData()
                .setMaxWaitMs(10_000)
                .setMinBytes(1)
                .setTopics(List.of(new FetchTopic()
                        .setTopic(partition.topic())
                        .setTopicId(partition.id())
                        .setPartitions(List.of(new FetchPartition().setPartition(partition.index())))));
    }

    private static ApiMessage listOffsets(Partition partition) {
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName(partition.topic())
                        .setPartitions(List.of(new ListOffsetsPartition()
                                .setPartitionIndex(partition.index())
                                .setTimestamp(-1)))));
    }

    private static ApiMessage epochEnd(Partition partition) {
        OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection();
        topics.add(new OffsetForLeaderTopic()
                .setTopic(partition.topic())
                .setPartitions(List.of(new OffsetForLeaderPartition().setPartition(partition.index()))));
        return new OffsetForLeaderEpochRequestData().setReplicaId(-1).setTopics(topics);
    }

    private static ApiMessage deleteRecords(Partition partition) {
        return new DeleteRecordsRequestData()
                .setTimeoutMs(60_000)
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName(partition.topic())
                        .setPartitions(List.of(new DeleteRecordsPartition().setPartitionIndex(partition.index())))));
    }

    private static ApiMessage describeProducers(Partition partition) {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics()
                .add(new TopicRequest().setName(partition.topic()).setPartitionIndexes(List.of(partition.index())));
        return request;
    }

    private static ApiMessage commit(Partition partition) {
        return new OffsetCommitRequestData()
                .setGroupId("group")
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(partition.topic())
                        .setTopicId(partition.id())
                        .setPartitions(
                                List.of(new OffsetCommitRequestPartition().setPartitionIndex(partition.index())))));
    }

    private static ApiMessage commitInTransaction(Partition partition) {
        return new TxnOffsetCommitRequestData()
                .setTransactionalId("transaction")
                .setGroupId("group")
                .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                        .setName(partition.topic())
                        .setTopicId(partition.id())
                        .setPartitions(
                                List.of(new TxnOffsetCommitRequestPartition().setPartitionIndex(partition.index())))));
    }

    private static ApiMessage addToTransaction(Partition partition, int version) {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName(partition.topic()).setPartitions(List.of(partition.index())));
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
        if (version < 4) {
            return request.setV3AndBelowTransactionalId("transaction").setV3AndBelowTopics(topics);
        }
        request.transactions()
                .add(new AddPartitionsToTxnTransaction()
                        .setTransactionalId("transaction")
                        .setTopics(topics));
        return request;
    }

    private static ApiMessage writeMarkers(Partition partition) {
        return new WriteTxnMarkersRequestData()
                .setMarkers(List.of(new WritableTxnMarker()
                        .setTopics(List.of(new WritableTxnMarkerTopic()
                                .setName(partition.topic())
                                .setPartitionIndexes(List.of(partition.index()))))));
    }
}
