package io.aeon.benchmarks.micro;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** What clients send, in the newest version of each API. */
public final class Samples {
    static final Uuid TOPIC_ID = new Uuid(4711, 815);

    private Samples() {}

    /** A request's bytes without the length before them: 16 records of 1 KiB for one partition. */
    public static byte[] produce() {
        ProduceRequestData.TopicProduceDataCollection topics = new ProduceRequestData.TopicProduceDataCollection();
        topics.add(new ProduceRequestData.TopicProduceData()
                .setTopicId(TOPIC_ID)
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                        .setIndex(0)
                        .setRecords(records(16, 1024)))));
        return request(
                ApiKeys.PRODUCE,
                new ProduceRequestData()
                        .setAcks((short) -1)
                        .setTimeoutMs(30_000)
                        .setTopicData(topics));
    }

    /** A request's bytes without the length before them: one partition of an incremental session. */
    public static byte[] fetch() {
        FetchRequestData fetch = new FetchRequestData()
                .setMaxWaitMs(500)
                .setMinBytes(1)
                .setMaxBytes(50 << 20)
                .setSessionId(4711)
                .setSessionEpoch(42)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopicId(TOPIC_ID)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setPartition(0)
                                .setFetchOffset(1_000_000)
                                .setPartitionMaxBytes(1 << 20)))));
        return request(ApiKeys.FETCH, fetch);
    }

    static MemoryRecords records(int count, int bytes) {
        return records(Compression.NONE, count, bytes);
    }

    static MemoryRecords records(Compression codec, int count, int bytes) {
        byte[] value = new byte[bytes];
        new Random(1).nextBytes(value);
        SimpleRecord[] records = new SimpleRecord[count];
        Arrays.fill(records, new SimpleRecord(System.currentTimeMillis(), value));
        return MemoryRecords.withRecords(codec, records);
    }

    private static byte[] request(ApiKeys api, ApiMessage body) {
        short version = api.latestVersion();
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(1)
                .setClientId("consumer-group-1");
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion(version))
                .buffer();
        ByteBuffer rest = MessageUtil.toByteBufferAccessor(body, version).buffer();
        byte[] frame = new byte[head.remaining() + rest.remaining()];
        ByteBuffer.wrap(frame).put(head).put(rest);
        return frame;
    }
}
