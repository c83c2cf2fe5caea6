package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Aeon;
import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * A broker with much to show, and a browser that tours its console: the program in {@code TOUR}, which finds the
 * console in {@code CONSOLE}. Options: {@code --partitions}, {@code --groups}, {@code --limit-ms},
 * {@code --screenshots}.
 */
final class ConsoleTour {
    private static final int PER_TOPIC = 1000;
    private static final int GROUPS_AT_ONCE = 50;
    private static final String ORDERS = "orders";
    private static final String PAYMENTS = "payments";
    private static final String ORDER =
            "{\"order\": %d, \"customer\": \"c-%d\", \"items\": [{\"sku\": \"A-17\", \"count\": 2}], \"paid\": true}";

    private ConsoleTour() {}

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("partitions", "groups", "limit-ms", "screenshots"));
        Path directory = Home.newRunDirectory("console");
        int console = BrokerProcess.freePort();
        Aeon aeon = new Aeon("os", "", List.of("-Daeon.console.port=" + console, "-Daeon.console.write=true"));
        int status;
        try (BrokerProcess broker =
                BrokerProcess.start(aeon, directory.resolve("data"), BrokerProcess.freePort(), Map.of())) {
            broker.awaitReady();
            try (Admin admin = Topics.admin(broker.bootstrap());
                    KafkaProducer<byte[], byte[]> open = producer(broker, Map.of("transactional.id", "payments-1"))) {
                create(admin, arguments.number("partitions", 10_000));
                groups(admin, arguments.number("groups", 500));
                open.initTransactions();
                open.beginTransaction();
                open.send(new ProducerRecord<>(PAYMENTS, bytes("c-0"), bytes("{}")))
                        .get();
                status = tour(broker, arguments, console);
                open.abortTransaction();
            }
            broker.stop();
        }
        if (status == 0) {
            Home.delete(directory);
        }
        System.exit(status);
    }

    /** The browser, while records come in and a member of a group has stopped to commit. */
    private static int tour(BrokerProcess broker, Arguments arguments, int console) throws Exception {
        ProcessBuilder browser = new ProcessBuilder("node", System.getenv("TOUR")).inheritIO();
        browser.environment().put("CONSOLE", "http://127.0.0.1:" + console);
        browser.environment().put("LIMIT_MS", Integer.toString(arguments.number("limit-ms", 500)));
        browser.environment().put("SCREENSHOTS", arguments.text("screenshots", ""));
        try (KafkaConsumer<byte[], byte[]> stuck = stuck(broker);
                KafkaProducer<byte[], byte[]> producer = producer(broker, Map.of())) {
            Process tour = null;
            long begun = System.nanoTime();
            for (int i = 0; tour == null || tour.isAlive(); i++) {
                producer.send(record(i));
                stuck.poll(Duration.ofMillis(5));
                if (tour == null
                        && System.nanoTime() - begun > Duration.ofSeconds(15).toNanos()) {
                    tour = browser.start();
                }
            }
            return tour.waitFor();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(int number) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                ORDERS, bytes("c-" + number % 97), bytes(String.format(ORDER, number, number % 97)));
        record.headers().add("trace-id", bytes("4bf92f3577b34da6-" + number));
        return record;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static KafkaProducer<byte[], byte[]> producer(BrokerProcess broker, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", broker.bootstrap());
        settings.put("key.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
        settings.put("value.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
        return new KafkaProducer<>(settings);
    }

    /** A member that has committed once, and polls without a commit from then on. */
    private static KafkaConsumer<byte[], byte[]> stuck(BrokerProcess broker) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(Map.of(
                "bootstrap.servers", broker.bootstrap(),
                "group.id", "billing",
                "client.id", "billing-1",
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest",
                "key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer",
                "value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer"));
        consumer.subscribe(List.of(ORDERS));
        while (consumer.assignment().isEmpty()) {
            consumer.poll(Duration.ofMillis(50));
        }
        Map<TopicPartition, OffsetAndMetadata> beginning = new HashMap<>();
        consumer.assignment().forEach(partition -> beginning.put(partition, new OffsetAndMetadata(0)));
        consumer.commitSync(beginning);
        return consumer;
    }

    private static void create(Admin admin, int partitions) throws Exception {
        admin.createTopics(List.of(
                        new NewTopic(ORDERS, 6, (short) 1).configs(Map.of("retention.ms", "86400000")),
                        new NewTopic(PAYMENTS, 1, (short) 1)))
                .all()
                .get();
        for (int first = 0; first < partitions; first += PER_TOPIC) {
            String name = "sensor-readings-" + first / PER_TOPIC;
            int count = Math.min(PER_TOPIC, partitions - first);
            admin.createTopics(List.of(new NewTopic(name, Optional.of(count), Optional.of((short) 1))))
                    .all()
                    .get();
        }
    }

    /** Groups without members, each with a committed offset. */
    private static void groups(Admin admin, int count) throws Exception {
        List<KafkaFuture<Void>> under = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            under.add(admin.alterConsumerGroupOffsets(
                            "reader-" + i, Map.of(new TopicPartition(ORDERS, i % 6), new OffsetAndMetadata(0)))
                    .all());
            if (under.size() == GROUPS_AT_ONCE) {
                KafkaFuture.allOf(under.toArray(KafkaFuture[]::new)).get();
                under.clear();
            }
        }
        KafkaFuture.allOf(under.toArray(KafkaFuture[]::new)).get();
    }
}
