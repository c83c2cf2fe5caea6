package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Sends one and the same produce request to partition 0 again and again. */
public final class RawProducer implements AutoCloseable {
    public static final int RECORDS = 16;
    public static final int RECORD_BYTES = 1024;

    private final RawRequests requests;

    public RawProducer(int port, String topic, short acks) throws IOException {
        ByteBuffer frame = Produce.frame(new TopicPartition(topic, 0), batch(RECORDS, RECORD_BYTES), acks);
        requests = new RawRequests(port, 1, List.of(frame), Produce::check);
    }

    /** A batch of equal records whose bytes do not compress. */
    public static MemoryRecords batch(int records, int recordBytes) {
        byte[] value = new byte[recordBytes];
        new Random(1).nextBytes(value);
        SimpleRecord[] all = new SimpleRecord[records];
        Arrays.fill(all, new SimpleRecord(System.currentTimeMillis(), value));
        return MemoryRecords.withRecords(Compression.NONE, all);
    }

    /** Has that many requests answered, {@code inFlight} under way at once: MiB of records a second. */
    public double send(int count, int inFlight) throws IOException {
        long begun = System.nanoTime();
        requests.send(count, inFlight);
        double seconds = (System.nanoTime() - begun) / 1e9;
        return bytes(count) / (1 << 20) / seconds;
    }

    public static double bytes(int requests) {
        return (double) requests * RECORDS * RECORD_BYTES;
    }

    @Override
    public void close() throws IOException {
        requests.close();
    }
}
