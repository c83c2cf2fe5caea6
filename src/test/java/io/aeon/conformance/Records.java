package io.aeon.conformance;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Requests that write and read partition 0 of a topic. */
final class Records {
    static final long TIME = 1_700_000_000_000L;

    private Records() {}

    /** Records whose times are one second apart, the first at {@code TIME + first} seconds. */
    static SimpleRecord[] numbered(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> new SimpleRecord(TIME + i * 1_000L, bytes("k" + i), bytes("v" + i)))
                .toArray(SimpleRecord[]::new);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static MemoryRecords idempotent(long producerId, int epoch, int sequence) {
        return MemoryRecords.withIdempotentRecords(
                Compression.NONE, producerId, (short) epoch, sequence, numbered(sequence, 1));
    }

    static ProduceRequestData produce(int version, String topic, Uuid topicId, BaseRecords records) {
        TopicProduceData sent = new TopicProduceData()
                .setPartitionData(List.of(new PartitionProduceData().setIndex(0).setRecords(records)));
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(version < 13 ? sent.setName(topic) : sent.setTopicId(topicId));
        return new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000).setTopicData(topics);
    }

    static FetchRequestData fetch(int version, String topic, Uuid topicId, long offset) {
        FetchTopic wanted = new FetchTopic()
                .setPartitions(
                        List.of(new FetchPartition().setFetchOffset(offset).setPartitionMaxBytes(1 << 20)));
        return new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(0)
                .setTopics(List.of(version < 13 ? wanted.setTopic(topic) : wanted.setTopicId(topicId)));
    }

    static ListOffsetsRequestData offsets(String topic, long timestamp) {
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName(topic)
                        .setPartitions(List.of(new ListOffsetsPartition().setTimestamp(timestamp)))));
    }
}
