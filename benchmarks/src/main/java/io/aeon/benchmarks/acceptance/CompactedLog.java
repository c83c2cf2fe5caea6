package io.aeon.benchmarks.acceptance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Partition 0 of a compacted topic, as its files and as a consumer sees it. */
final class CompactedLog {
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(60);

    private final TopicPartition partition;
    private final Path directory;
    private final KeyedRecords records;

    CompactedLog(String topic, Path logs, KeyedRecords records) {
        this.partition = new TopicPartition(topic, 0);
        this.directory = logs.resolve(partition.toString());
        this.records = records;
    }

    /**
     * What a consumer read from the first record to the end.
     *
     * @param offsets of the records
     * @param digest of all offsets, keys and values in their order
     * @param wrong records that were never written like that
     */
    record Contents(BitSet offsets, String digest, int wrong) {
        int count() {
            return offsets.cardinality();
        }
    }

    Contents read(String bootstrap) {
        BitSet offsets = new BitSet();
        MessageDigest digest = sha256();
        int wrong = 0;
        Map<String, Object> settings =
                Map.of("bootstrap.servers", bootstrap, "check.crcs", true, "enable.auto.commit", false);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 0);
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long heard = System.nanoTime();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    heard = System.nanoTime();
                    offsets.set((int) record.offset());
                    update(digest, record);
                    wrong += records.has(record) ? 0 : 1;
                }
                if (System.nanoTime() - heard > SILENCE_LIMIT.toNanos()) {
                    throw new IllegalStateException("nothing more to read at " + consumer.position(partition));
                }
            }
        }
        return new Contents(offsets, HexFormat.of().formatHex(digest.digest()), wrong);
    }

    private static void update(MessageDigest digest, ConsumerRecord<byte[], byte[]> record) {
        int valueBytes = record.value() == null ? -1 : record.value().length;
        digest.update(ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES)
                .putLong(record.offset())
                .putInt(record.key().length)
                .putInt(valueBytes)
                .flip());
        digest.update(record.key());
        if (record.value() != null) {
            digest.update(record.value());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Base offset of the segment that is written to. */
    int activeFrom() throws IOException {
        int last = 0;
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(directory, "*.log")) {
            for (Path segment : segments) {
                last = Math.max(
                        last, Integer.parseInt(segment.getFileName().toString().replace(".log", "")));
            }
        }
        return last;
    }

    /** Bytes of all segments, without those that are being made or deleted. */
    long bytes() throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(directory, "*.log")) {
            for (Path segment : segments) {
                bytes += Files.size(segment);
            }
        } catch (NoSuchFileException replacedMeanwhile) {
            return -1;
        }
        return bytes;
    }
}
