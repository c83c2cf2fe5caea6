package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Produce;
import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** What a client can do wrong as often as it likes; none of it is a fault of the broker, nor worth a line each. */
final class Mistakes {
    private static final int CONNECTIONS = 8;
    private static final int GARBAGE_BYTES = 200;
    private static final int TIMES = 50;
    private static final short UNKNOWN_API = 99;
    private static final String LINES =
            "a\n2026-01-01T00:00:00.000Z ERROR Forged - a line of the client's own\u001b[31m";

    private Mistakes() {}

    /** Frames that are no requests, each on a connection of its own, and groups whose names have lines of their own. */
    static void logLines(Target target) throws Exception {
        ByteBuffer forged =
                Frames.of(ApiKeys.DELETE_GROUPS, 1, new DeleteGroupsRequestData().setGroupsNames(List.of(LINES)));
        target.together(CONNECTIONS, number -> {
            Random random = new Random(number);
            target.ask(forged);
            for (int i = 0; i < TIMES; i++) {
                byte[] garbage = new byte[GARBAGE_BYTES];
                random.nextBytes(garbage);
                ByteBuffer.wrap(garbage).putInt(GARBAGE_BYTES - Integer.BYTES).putShort(UNKNOWN_API);
                try (Wire wire = target.connect()) {
                    wire.raw(garbage);
                    wire.closedByBroker();
                }
            }
        });
    }

    /** acks=0 to a topic that is not there, and batches with a wrong CRC. */
    static void refused(Target target) throws Exception {
        ByteBuffer nowhere = produce("nowhere", (short) 0);
        ByteBuffer broken = produce(Target.TOPIC, (short) -1);
        broken.put(broken.limit() - 4, (byte) ~broken.get(broken.limit() - 4));
        target.together(CONNECTIONS, number -> {
            for (int i = 0; i < TIMES; i++) {
                target.ask(broken);
                end(target, nowhere);
            }
        });
    }

    /** Sends what has no reply. */
    private static void end(Target target, ByteBuffer frame) throws IOException {
        try (Wire wire = target.connect()) {
            wire.send(frame);
            wire.closedByBroker();
        }
    }

    private static ByteBuffer produce(String topic, short acks) {
        SimpleRecord record = new SimpleRecord(System.currentTimeMillis(), new byte[100]);
        return Produce.frame(new TopicPartition(topic, 0), MemoryRecords.withRecords(Compression.NONE, record), acks);
    }
}
