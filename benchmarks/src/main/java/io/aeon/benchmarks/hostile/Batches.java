package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Produce;
import io.aeon.benchmarks.broker.Wire;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Produce requests that are large, though nothing is wrong with them. */
final class Batches {
    private static final int PRODUCERS = 20;
    private static final int BATCH_BYTES = 4 << 20;

    private static final int GONE = 500;
    private static final int GONE_BYTES = 10 << 20;
    private static final int GONE_MILLIS = 3000;

    /** So that the disk is not what the row is about. */
    private static final int PAUSE_MILLIS = 500;

    private Batches() {}

    /** 20 connections each produce batches of 4 MiB, one after the other. */
    static void large(Target target) throws Exception {
        ByteBuffer frame = frame(BATCH_BYTES);
        target.together(PRODUCERS, number -> {
            try (Wire wire = target.connect()) {
                while (true) {
                    wire.send(frame);
                    wire.reply();
                    BrokerProcess.pause(PAUSE_MILLIS);
                }
            }
        });
    }

    /**
     * 500 connections each send a produce request of 10 MiB, every other one half of it, and are gone after three
     * seconds.
     */
    static void gone(Target target) throws Exception {
        ByteBuffer whole = frame(GONE_BYTES);
        ByteBuffer half = whole.duplicate().limit(whole.limit() / 2);
        List<Wire> wires = target.hold(GONE, ByteBuffer.allocate(0));
        ExecutorService senders = Executors.newFixedThreadPool(GONE);
        for (int i = 0; i < GONE; i++) {
            Wire wire = wires.get(i);
            ByteBuffer sent = i % 2 == 0 ? whole : half;
            senders.submit(() -> {
                wire.send(sent);
                return null;
            });
        }
        BrokerProcess.pause(GONE_MILLIS);
        Target.close(wires);
        senders.shutdown();
        senders.awaitTermination(GONE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static ByteBuffer frame(int bytes) {
        SimpleRecord record = new SimpleRecord(System.currentTimeMillis(), new byte[bytes]);
        MemoryRecords records = MemoryRecords.withRecords(Compression.NONE, record);
        return Produce.frame(new TopicPartition(Target.TOPIC, 0), records, (short) -1);
    }
}
