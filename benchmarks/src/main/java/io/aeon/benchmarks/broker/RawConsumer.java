package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.RequestHeader;

/** Fetches partition 0 of a topic, a request at a time, and looks at no more than the batches' heads. */
public final class RawConsumer implements AutoCloseable {
    private static final short VERSION = 12;
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int WAIT_MILLIS = 500;

    private final Wire wire;
    private final TopicPartition partition;
    private final int maxBytes;
    private final RequestHeader header = new RequestHeader(ApiKeys.FETCH, VERSION, "bench", 1);
    private long offset;

    /** @param maxBytes of records in one response */
    public RawConsumer(int port, String topic, int maxBytes) throws IOException {
        this.wire = new Wire(port, TIMEOUT_MILLIS);
        this.partition = new TopicPartition(topic, 0);
        this.maxBytes = maxBytes;
    }

    /** Fetches from the beginning until it has that many records: MiB a second. */
    public double fetch(long records) throws IOException {
        long bytes = 0;
        offset = 0;
        long begun = System.nanoTime();
        while (offset < records) {
            bytes += next();
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        return bytes / (double) (1 << 20) / seconds;
    }

    /** One fetch on from where the last one ended, which may wait for records: their bytes. */
    private int next() throws IOException {
        var wanted = new FetchRequest.PartitionData(Uuid.ZERO_UUID, offset, -1, maxBytes, Optional.empty());
        FetchRequest request = FetchRequest.Builder.forConsumer(VERSION, WAIT_MILLIS, 1, Map.of(partition, wanted))
                .setMaxBytes(maxBytes)
                .build(VERSION);
        wire.send(Wire.frame(request, header));
        FetchResponse response = (FetchResponse) AbstractResponse.parseResponse(ByteBuffer.wrap(wire.reply()), header);
        FetchResponseData.PartitionData data =
                response.data().responses().get(0).partitions().get(0);
        if (data.errorCode() != Errors.NONE.code()) {
            throw new IOException("a fetch was answered with " + Errors.forCode(data.errorCode()));
        }
        for (RecordBatch batch : FetchResponse.recordsOrFail(data).batches()) {
            offset = batch.nextOffset();
        }
        return FetchResponse.recordsSize(data);
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
