package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Produce;
import io.aeon.benchmarks.broker.Wire;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Produce requests that are large, though nothing is wrong with them. */
final class Batches {
    private static final int PRODUCERS = 20;
    private static final int BATCH_BYTES = 4 << 20;

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

    private static ByteBuffer frame(int bytes) {
        SimpleRecord record = new SimpleRecord(System.currentTimeMillis(), new byte[bytes]);
        MemoryRecords records = MemoryRecords.withRecords(Compression.NONE, record);
        return Produce.frame(new TopicPartition(Target.TOPIC, 0), records, (short) -1);
    }
}
