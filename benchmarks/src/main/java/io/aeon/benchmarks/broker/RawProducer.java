package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Sends one and the same produce request again and again, several under way: what a broker can take, not a client. */
public final class RawProducer implements AutoCloseable {
    public static final int RECORDS = 16;
    public static final int RECORD_BYTES = 1024;
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Wire wire;
    private final ByteBuffer request;

    public RawProducer(int port, String topic, short acks) throws IOException {
        wire = new Wire(port, TIMEOUT_MILLIS);
        byte[] value = new byte[RECORD_BYTES];
        new Random(1).nextBytes(value);
        SimpleRecord[] records = new SimpleRecord[RECORDS];
        Arrays.fill(records, new SimpleRecord(System.currentTimeMillis(), value));
        request = Produce.frame(topic, MemoryRecords.withRecords(Compression.NONE, records), acks);
    }

    /** Has that many requests answered, {@code inFlight} under way at once: MiB of records a second. */
    public double send(int requests, int inFlight) throws IOException {
        long begun = System.nanoTime();
        for (int sent = 0, answered = 0; answered < requests; answered++) {
            while (sent < requests && sent - answered < inFlight) {
                wire.send(request);
                sent++;
            }
            Produce.check(wire.reply());
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        return bytes(requests) / (1 << 20) / seconds;
    }

    public static double bytes(int requests) {
        return (double) requests * RECORDS * RECORD_BYTES;
    }

    @Override
    public void close() throws IOException {
        wire.close();
    }
}
