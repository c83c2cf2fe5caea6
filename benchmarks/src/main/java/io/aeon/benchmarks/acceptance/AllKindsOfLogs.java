package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Topics of one partition with several segments, one for each way a log comes about; and offsets of groups. One
 * transaction stays open until this is closed.
 */
final class AllKindsOfLogs implements AutoCloseable {
    static final String COMPACTED = "compacted";
    static final int SEGMENT_BYTES = 1 << 20;

    private static final String PLAIN = "plain";
    private static final String TRANSACTIONAL = "transactional";
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final int VALUE_BYTES = 200;
    private static final int KEYS = 100;
    private static final int RECORDS_A_TRANSACTION = 500;
    private static final int TIMESTAMP_JITTER_MILLIS = 10_000;
    private static final int COMMITS = 50;

    private final String bootstrap;
    private final int records;
    private final Random random = new Random(1);
    private final KafkaProducer<byte[], byte[]> transactions;

    AllKindsOfLogs(String bootstrap, int records) {
        this.bootstrap = bootstrap;
        this.records = records;
        this.transactions = producer(Map.of("transactional.id", "all-kinds"));
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Returns when all of it is acknowledged. */
    void write() throws Exception {
        create(PLAIN, Map.of());
        send(PLAIN, records, Map.of("enable.idempotence", false));
        create("append-time", Map.of("message.timestamp.type", "LogAppendTime"));
        create("idempotent", Map.of());
        create("codecs", Map.of());
        create(COMPACTED, Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.01"));
        for (String codec : CODECS) {
            Map<String, Object> compression = Map.of("compression.type", codec);
            send("append-time", records / CODECS.size(), compression);
            send("codecs", records / CODECS.size(), compression);
            send(COMPACTED, records / CODECS.size(), compression);
            send("idempotent", records / CODECS.size(), Map.of());
        }
        commitOffsets();
        create(TRANSACTIONAL, Map.of());
        writeTransactions();
    }

    private void create(String topic, Map<String, String> configs) throws Exception {
        Map<String, String> all = new HashMap<>(configs);
        all.put("segment.bytes", Integer.toString(SEGMENT_BYTES));
        Topics.create(bootstrap, topic, 1, all);
    }

    private void send(String topic, int count, Map<String, Object> settings) throws Exception {
        Future<RecordMetadata> last = null;
        try (var producer = producer(settings)) {
            for (int i = 0; i < count; i++) {
                last = producer.send(record(topic));
            }
        }
        if (last != null) {
            last.get();
        }
    }

    /** Its timestamp is not always later than the one before. */
    private ProducerRecord<byte[], byte[]> record(String topic) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        long timestamp = System.currentTimeMillis() - random.nextInt(TIMESTAMP_JITTER_MILLIS);
        byte[] key = {(byte) random.nextInt(KEYS)};
        return new ProducerRecord<>(topic, 0, timestamp, key, value);
    }

    private KafkaConsumer<byte[], byte[]> consumer(String group) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "group.id", group, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private void commitOffsets() {
        try (var consumer = consumer("readers")) {
            consumer.subscribe(List.of(PLAIN));
            while (consumer.poll(Duration.ofMillis(500)).isEmpty()) {
                continue;
            }
            for (int i = 1; i <= COMMITS; i++) {
                consumer.commitSync(Map.of(new TopicPartition(PLAIN, 0), new OffsetAndMetadata(i, "note " + i)));
            }
        }
    }

    /** Every third one aborts, the last one is left open. */
    private void writeTransactions() {
        ConsumerGroupMetadata group;
        try (var consumer = consumer("transformers")) {
            group = consumer.groupMetadata();
        }
        transactions.initTransactions();
        int count = records / RECORDS_A_TRANSACTION;
        for (int transaction = 0; transaction <= count; transaction++) {
            transactions.beginTransaction();
            for (int i = 0; i < RECORDS_A_TRANSACTION; i++) {
                transactions.send(record(TRANSACTIONAL));
            }
            if (transaction == count) {
                transactions.flush();
            } else if (transaction % 3 == 0) {
                transactions.flush();
                transactions.abortTransaction();
            } else {
                TopicPartition source = new TopicPartition(PLAIN, 0);
                transactions.sendOffsetsToTransaction(Map.of(source, new OffsetAndMetadata(transaction)), group);
                transactions.commitTransaction();
            }
        }
    }

    @Override
    public void close() {
        transactions.close(Duration.ZERO);
    }
}
