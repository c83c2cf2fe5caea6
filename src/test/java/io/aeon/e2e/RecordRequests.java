package io.aeon.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * Valid requests of the APIs that write and read records, for partition 0 of a topic of their own, with the expected
 * replies.
 */
final class RecordRequests {
    private final Conversation broker;
    private final String topic;
    private final Uuid topicId;
    private long records;

    RecordRequests(Conversation broker, String topic, Uuid topicId) {
        this.broker = broker;
        this.topic = topic;
        this.topicId = topicId;
    }

    /** For each API, a function that sends its request in a version and checks the reply. */
    Map<ApiKeys, IntConsumer> all() {
        return Map.of(
                ApiKeys.PRODUCE, this::produce,
                ApiKeys.FETCH, this::fetch,
                ApiKeys.LIST_OFFSETS, this::listOffsets,
                ApiKeys.OFFSET_FOR_LEADER_EPOCH, this::offsetForLeaderEpoch,
                ApiKeys.DELETE_RECORDS, this::deleteRecords,
                ApiKeys.INIT_PRODUCER_ID, this::initProducerId);
    }

    static ProduceRequestData produce(int version, String topic, Uuid topicId, MemoryRecords records) {
        TopicProduceData sent = new TopicProduceData()
                .setPartitionData(List.of(new PartitionProduceData().setIndex(0).setRecords(records)));
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(version < 13 ? sent.setName(topic) : sent.setTopicId(topicId));
        return new ProduceRequestData().setAcks((short) -1).setTimeoutMs(60_000).setTopicData(topics);
    }

    private void produce(int version) {
        ProduceResponseData produced = broker.well(
                ApiKeys.PRODUCE,
                version,
                ProduceResponseData.class,
                exact -> produce(exact, topic, topicId, oneRecord()));
        assertThat(produced.responses()
                        .iterator()
                        .next()
                        .partitionResponses()
                        .get(0)
                        .baseOffset())
                .isEqualTo(records);
        records++;
    }

    static MemoryRecords oneRecord() {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("v".getBytes(StandardCharsets.UTF_8)));
    }

    private void fetch(int version) {
        produce(version);
        FetchResponseData fetched = broker.well(ApiKeys.FETCH, version, FetchResponseData.class, exact -> {
            FetchTopic wanted = new FetchTopic()
                    .setPartitions(List.of(
                            new FetchPartition().setFetchOffset(records - 1).setPartitionMaxBytes(1 << 20)));
            return new FetchRequestData()
                    .setMaxWaitMs(10_000)
                    .setMinBytes(1)
                    .setTopics(List.of(exact < 13 ? wanted.setTopic(topic) : wanted.setTopicId(topicId)));
        });
        PartitionData found = fetched.responses().get(0).partitions().get(0);
        assertThat(found.highWatermark()).isEqualTo(records);
        assertThat(((MemoryRecords) found.records()).records())
                .singleElement()
                .satisfies(record -> assertThat(record.offset()).isEqualTo(records - 1));
    }

    private void listOffsets(int version) {
        produce(version);
        ListOffsetsResponseData listed = broker.well(
                ApiKeys.LIST_OFFSETS,
                version,
                ListOffsetsResponseData.class,
                exact -> new ListOffsetsRequestData()
                        .setReplicaId(-1)
                        .setTopics(List.of(new ListOffsetsTopic()
                                .setName(topic)
                                .setPartitions(List.of(new ListOffsetsPartition().setTimestamp(-1))))));
        assertThat(listed.topics().get(0).partitions().get(0).offset()).isEqualTo(records);
    }

    private void offsetForLeaderEpoch(int version) {
        produce(version);
        OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection();
        topics.add(new OffsetForLeaderTopic()
                .setTopic(topic)
                .setPartitions(List.of(new OffsetForLeaderPartition().setLeaderEpoch(0))));
        OffsetForLeaderEpochResponseData found = broker.well(
                ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                version,
                OffsetForLeaderEpochResponseData.class,
                exact -> new OffsetForLeaderEpochRequestData().setReplicaId(-1).setTopics(topics));
        assertThat(found.topics().iterator().next().partitions().get(0).endOffset())
                .isEqualTo(records);
    }

    private void deleteRecords(int version) {
        produce(version);
        DeleteRecordsResponseData deleted = broker.well(
                ApiKeys.DELETE_RECORDS,
                version,
                DeleteRecordsResponseData.class,
                exact -> new DeleteRecordsRequestData()
                        .setTimeoutMs(60_000)
                        .setTopics(List.of(new DeleteRecordsTopic()
                                .setName(topic)
                                .setPartitions(List.of(new DeleteRecordsPartition().setOffset(records))))));
        assertThat(deleted.topics()
                        .iterator()
                        .next()
                        .partitions()
                        .iterator()
                        .next()
                        .lowWatermark())
                .isEqualTo(records);
    }

    private void initProducerId(int version) {
        InitProducerIdResponseData begun = broker.well(
                ApiKeys.INIT_PRODUCER_ID,
                version,
                InitProducerIdResponseData.class,
                exact ->
                        new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(60_000));
        assertThat(begun.producerId()).isNotNegative();
    }
}
