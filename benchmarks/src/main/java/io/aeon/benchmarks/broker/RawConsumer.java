package io.aeon.benchmarks.broker;

import java.io.IOException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.FetchResponse;

/** Fetches partition 0 of a topic, a request at a time, and looks at no more than the batches' heads. */
public final class RawConsumer implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Wire wire;
    private final TopicPartition partition;
    private final int maxBytes;
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

    /** One fetch on from where the last one ended: the bytes of its records. */
    private int next() throws IOException {
        wire.send(Fetch.frame(partition, offset, maxBytes));
        FetchResponseData.PartitionData data = Fetch.partition(wire.reply());
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
