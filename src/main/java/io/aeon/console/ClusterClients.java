package io.aeon.console;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka's clients of the cluster. Thread-safe. */
final class ClusterClients implements AutoCloseable {
    private static final int TIMEOUT_MS = 10_000;
    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_PARTITION_BYTES = 512 << 10;

    private final String bootstrap;
    private final WhileUsed<Admin> admin;

    /** @param bootstrap HOST:PORT of a broker */
    ClusterClients(String bootstrap) {
        this.bootstrap = bootstrap;
        this.admin = new WhileUsed<>("aeon-console-admin", () -> Admin.create(settings()));
    }

    String bootstrap() {
        return bootstrap;
    }

    /** The admin client; the caller does not close it. */
    Admin admin() {
        return admin.get();
    }

    /** A consumer without a group; the caller closes it. */
    KafkaConsumer<byte[], byte[]> consumer(boolean committedOnly) {
        Map<String, Object> settings = settings();
        settings.put("isolation.level", committedOnly ? "read_committed" : "read_uncommitted");
        settings.put("enable.auto.commit", false);
        settings.put("allow.auto.create.topics", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("fetch.max.bytes", MOST_BYTES);
        settings.put("max.partition.fetch.bytes", MOST_PARTITION_BYTES);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A producer that waits for all in-sync replicas; the caller closes it. */
    KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> settings = settings();
        settings.put("max.block.ms", TIMEOUT_MS);
        settings.put("delivery.timeout.ms", TIMEOUT_MS);
        settings.put("linger.ms", 0);
        settings.remove("default.api.timeout.ms");
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> settings() {
        return new HashMap<>(Map.of(
                "bootstrap.servers", bootstrap,
                "client.id", "aeon-console",
                "default.api.timeout.ms", TIMEOUT_MS,
                "request.timeout.ms", TIMEOUT_MS,
                "enable.metrics.push", false));
    }

    @Override
    public void close() {
        admin.close();
    }
}
