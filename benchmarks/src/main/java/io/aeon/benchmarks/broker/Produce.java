package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** Produce requests for a {@link Wire}, with batches that no client library had its hands on. */
public final class Produce {
    private static final short VERSION = 9;
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final RequestHeader HEADER = new RequestHeader(ApiKeys.PRODUCE, VERSION, "bench", 1);

    private Produce() {}

    /** A whole frame with one batch for one partition. */
    public static ByteBuffer frame(TopicPartition partition, MemoryRecords records, short acks) {
        ProduceRequestData.TopicProduceDataCollection topics = new ProduceRequestData.TopicProduceDataCollection();
        topics.add(new ProduceRequestData.TopicProduceData()
                .setName(partition.topic())
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                        .setIndex(partition.partition())
                        .setRecords(records))));
        ProduceRequestData data = new ProduceRequestData()
                .setAcks(acks)
                .setTimeoutMs(TIMEOUT_MILLIS)
                .setTopicData(topics);
        return Wire.frame(new ProduceRequest(data, VERSION), HEADER);
    }

    /** Fails if the request was not accepted. */
    public static void check(byte[] reply) throws IOException {
        ProduceResponse response = (ProduceResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(reply), HEADER);
        Errors error = response.errorCounts().keySet().iterator().next();
        if (error != Errors.NONE) {
            throw new IOException("a produce request was answered with " + error);
        }
    }
}
