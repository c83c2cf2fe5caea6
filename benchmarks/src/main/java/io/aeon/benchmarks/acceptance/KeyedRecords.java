package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Produce;
import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * Records with keys, all of which follows from their offsets: whoever writes them writes the same bytes, and what
 * compaction must leave of them can be told. Some of the first half are tombstones.
 *
 * @param count how many there are before the last ones, which have no tombstones
 * @param keys how many different keys
 * @param beganMs timestamp of the first one
 */
record KeyedRecords(int count, int keys, long beganMs) {
    static final int VALUE_BYTES = 100;

    private static final int BATCH = 100;
    private static final int ONE_TOMBSTONE_IN = 20;
    private static final int IN_FLIGHT = 5;
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final List<Compression> CODECS = List.of(
            Compression.NONE,
            Compression.gzip().build(),
            Compression.snappy().build(),
            Compression.lz4().build(),
            Compression.zstd().build());

    /** Has the offsets from the first up to the second written, which are multiples of a batch. */
    void write(int port, String topic, int from, int to) throws IOException {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Wire wire = new Wire(port, TIMEOUT_MILLIS)) {
            int underWay = 0;
            for (int first = from; first < to; first += BATCH) {
                wire.send(Produce.frame(partition, batch(first), (short) -1));
                if (++underWay == IN_FLIGHT) {
                    Produce.check(wire.reply());
                    underWay--;
                }
            }
            for (; underWay > 0; underWay--) {
                Produce.check(wire.reply());
            }
        }
    }

    private MemoryRecords batch(int first) {
        SimpleRecord[] records = new SimpleRecord[BATCH];
        for (int i = 0; i < BATCH; i++) {
            int offset = first + i;
            records[i] = new SimpleRecord(beganMs + offset / BATCH, keyBytes(offset), value(offset));
        }
        return MemoryRecords.withRecords(CODECS.get(first / BATCH % CODECS.size()), records);
    }

    boolean has(ConsumerRecord<byte[], byte[]> record) {
        int offset = (int) record.offset();
        return Arrays.equals(record.key(), keyBytes(offset)) && Arrays.equals(record.value(), value(offset));
    }

    /**
     * The offsets that are left of those below {@code end} when compaction came to {@code cleanTo}.
     *
     * @param tombstones whether those are still there
     */
    BitSet survivors(int cleanTo, int end, boolean tombstones) {
        BitSet left = new BitSet(end);
        BitSet seen = new BitSet(keys);
        left.set(cleanTo, end);
        for (int offset = cleanTo - 1; offset >= 0; offset--) {
            int key = key(offset);
            if (!seen.get(key)) {
                seen.set(key);
                left.set(offset, tombstones || !isTombstone(offset));
            }
        }
        return left;
    }

    private int key(int offset) {
        return random(offset).nextInt(keys);
    }

    private byte[] keyBytes(int offset) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(key(offset)).array();
    }

    private boolean isTombstone(int offset) {
        return offset < count / 2 && random(~offset).nextInt(ONE_TOMBSTONE_IN) == 0;
    }

    private byte[] value(int offset) {
        if (isTombstone(offset)) {
            return null;
        }
        byte[] value = new byte[VALUE_BYTES];
        random(offset).nextBytes(value);
        return value;
    }

    /** Neighbouring seeds of this class begin alike; spread they do not. */
    private static Random random(int offset) {
        return new Random(offset * 0x9E3779B97F4A7C15L);
    }
}
