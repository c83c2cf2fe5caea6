package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What the good client does. Its clients are Kafka's own and have the defaults, but for a shorter patience. */
final class Calls {
    private static final int OFTEN_MILLIS = 50;
    private static final int SELDOM_MILLIS = 100;
    private static final int SMALL_BYTES = 1 << 10;
    private static final int LARGE_BYTES = 200_000;
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int FETCH_BYTES = 8 << 10;
    private static final byte[] API_VERSIONS = Wire.frame(ApiKeys.API_VERSIONS.id, 0, 1, new byte[0]);

    private Calls() {}

    /** Each is used by one thread, which also has to close it. */
    static List<Call> all(int port, TopicPartition written, TopicPartition read) {
        return List.of(
                new Produce("produce of 1 KiB", port, written, SMALL_BYTES, OFTEN_MILLIS),
                new Fetch(port, read),
                new Commit(port, read),
                new Connect(port),
                new Produce("produce of 200 KB", port, written, LARGE_BYTES, SELDOM_MILLIS));
    }

    private static String bootstrap(int port) {
        return "127.0.0.1:" + port;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(int port, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", bootstrap(port));
        settings.put("enable.auto.commit", false);
        settings.put("default.api.timeout.ms", PATIENCE_MILLIS);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static final class Produce implements Call {
        private final String name;
        private final int everyMillis;
        private final ProducerRecord<byte[], byte[]> record;
        private final KafkaProducer<byte[], byte[]> producer;

        Produce(String name, int port, TopicPartition partition, int bytes, int everyMillis) {
            this.name = name;
            this.everyMillis = everyMillis;
            record = new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[bytes]);
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers",
                    bootstrap(port),
                    "acks",
                    "all",
                    "linger.ms",
                    0,
                    "delivery.timeout.ms",
                    PATIENCE_MILLIS,
                    "request.timeout.ms",
                    PATIENCE_MILLIS,
                    "max.block.ms",
                    PATIENCE_MILLIS);
            producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int everyMillis() {
            return everyMillis;
        }

        @Override
        public void make() throws Exception {
            producer.send(record).get();
        }

        @Override
        public void end() {
            producer.close(Duration.ZERO);
        }
    }

    private static final class Fetch implements Call {
        private final TopicPartition partition;
        private final KafkaConsumer<byte[], byte[]> consumer;

        Fetch(int port, TopicPartition partition) {
            this.partition = partition;
            consumer = consumer(port, Map.of("max.partition.fetch.bytes", FETCH_BYTES, "max.poll.records", 1));
            consumer.assign(List.of(partition));
        }

        @Override
        public String name() {
            return "fetch";
        }

        @Override
        public int everyMillis() {
            return OFTEN_MILLIS;
        }

        @Override
        public void make() throws IOException {
            consumer.seek(partition, 0);
            if (consumer.poll(Duration.ofMillis(PATIENCE_MILLIS)).isEmpty()) {
                throw new IOException("nothing fetched in " + PATIENCE_MILLIS + " ms");
            }
        }

        @Override
        public void end() {
            consumer.close();
        }
    }

    private static final class Commit implements Call {
        private final TopicPartition partition;
        private final KafkaConsumer<byte[], byte[]> consumer;
        private long offset;

        Commit(int port, TopicPartition partition) {
            this.partition = partition;
            consumer = consumer(port, Map.of("group.id", "good"));
        }

        @Override
        public String name() {
            return "offset commit";
        }

        @Override
        public int everyMillis() {
            return OFTEN_MILLIS;
        }

        @Override
        public void make() {
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(offset++)));
        }

        @Override
        public void end() {
            consumer.close();
        }
    }

    /** A new connection until its first answer. */
    static void connect(int port) throws IOException {
        try (Wire wire = new Wire(port, PATIENCE_MILLIS)) {
            wire.raw(API_VERSIONS);
            wire.reply();
        }
    }

    private static final class Connect implements Call {
        private final int port;

        Connect(int port) {
            this.port = port;
        }

        @Override
        public String name() {
            return "connect";
        }

        @Override
        public int everyMillis() {
            return OFTEN_MILLIS;
        }

        @Override
        public boolean isOfAnotherClient() {
            return true;
        }

        @Override
        public void make() throws IOException {
            connect(port);
        }

        @Override
        public void end() {}
    }
}
