package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Aeon;
import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Kafka;
import io.aeon.benchmarks.broker.Program;
import io.aeon.benchmarks.broker.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A node of Apache Kafka moves to Aeon by {@code aeon import}, and back: Kafka opens the directory on which Aeon has
 * run.
 *
 * <p>Options: {@code --records} of each round, {@code --flush}.
 */
final class MoveInAndBack {
    private static final String TOPIC = "moved";
    private static final String GROUP = "readers";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(30);

    private final Checks checks = new Checks();
    private final Path directory;
    private final int port;
    private final int records;
    private int written;

    private MoveInAndBack(Path directory, int port, int records) {
        this.directory = directory;
        this.port = port;
        this.records = records;
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("records", "flush"));
        Path directory = Home.newRunDirectory("move-in-and-back");
        MoveInAndBack rig = new MoveInAndBack(directory, BrokerProcess.freePort(), arguments.number("records", 10_000));
        rig.run(new Aeon(arguments.text("flush", "sync"), ""));
        if (rig.checks.failed() == 0) {
            Home.delete(directory);
        }
        rig.checks.exit();
    }

    private void run(Aeon aeon) throws Exception {
        Path kafka = directory.resolve("kafka");
        Path back = directory.resolve("back");
        Uuid id;
        try (BrokerProcess broker = BrokerProcess.start(new Kafka(""), kafka, port, Map.of())) {
            broker.awaitReady();
            id = fill(broker.bootstrap());
            write(broker.bootstrap());
            check("Kafka", broker.bootstrap(), id);
            broker.stop();
        }
        Path logs = back.resolve("log");
        Files.createDirectories(back);
        String told = Program.run(
                List.of(Home.aeon().toString(), "import", kafka.resolve("log").toString(), "--data", logs.toString()));
        told.lines().forEach(line -> checks.note("%s", line));
        checks.that(told.contains("1 user with SCRAM credentials (alice)"), "the import names the user");
        try (BrokerProcess broker = BrokerProcess.start(aeon, logs, port, Map.of())) {
            broker.awaitReady();
            check("Aeon", broker.bootstrap(), id);
            write(broker.bootstrap());
            commit(broker.bootstrap());
            check("Aeon, which has written,", broker.bootstrap(), id);
            broker.stop();
        }
        settings(kafka, back);
        try (BrokerProcess broker = BrokerProcess.start(new Kafka(""), back, port, Map.of())) {
            Duration ready = broker.awaitLeaders(TOPIC, 1);
            checks.note("Kafka leads again after %d ms", ready.toMillis());
            check("Kafka again", broker.bootstrap(), id);
            users(broker.bootstrap());
            write(broker.bootstrap());
            check("Kafka, which has written again,", broker.bootstrap(), id);
            broker.stop();
        }
    }

    private Uuid fill(String bootstrap) throws Exception {
        try (Admin admin = Topics.admin(bootstrap)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1).configs(Map.of("segment.bytes", "1048576"))))
                    .all()
                    .get();
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            "alice", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096), "secret")))
                    .all()
                    .get();
            admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                            new ClientQuotaEntity(Map.of("user", "alice")),
                            List.of(new ClientQuotaAlteration.Op("producer_byte_rate", 1e9)))))
                    .all()
                    .get();
        }
        commit(bootstrap);
        return id(bootstrap);
    }

    private void write(String bootstrap) {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(TOPIC, 0, null, "record " + written++));
            }
        }
    }

    private void commit(String bootstrap) throws Exception {
        try (Admin admin = Topics.admin(bootstrap)) {
            admin.alterConsumerGroupOffsets(GROUP, Map.of(PARTITION, new OffsetAndMetadata(written / 2)))
                    .all()
                    .get();
        }
    }

    private static Uuid id(String bootstrap) throws Exception {
        try (Admin admin = Topics.admin(bootstrap)) {
            return admin.describeTopics(List.of(TOPIC))
                    .allTopicNames()
                    .get()
                    .get(TOPIC)
                    .topicId();
        }
    }

    private void check(String who, String bootstrap, Uuid id) throws Exception {
        checks.that(id(bootstrap).equals(id), "%s has the topic with its id", who);
        long read = read(bootstrap);
        checks.that(read == written, "%s has %d of the %d records", who, read, written);
        try (Admin admin = Topics.admin(bootstrap)) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            checks.that(committed.containsKey(PARTITION), "%s has the offsets of the group: %s", who, committed);
        }
    }

    /** The records from the first one on that are those that were written. */
    private long read(String bootstrap) {
        long next = 0;
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long heard = System.nanoTime();
            while (next < written && System.nanoTime() - heard < SILENCE_LIMIT.toNanos()) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                    heard = System.nanoTime();
                    if (!record.value().equals("record " + next)) {
                        return next;
                    }
                    next++;
                }
            }
        }
        return next;
    }

    private void users(String bootstrap) throws Exception {
        try (Admin admin = Topics.admin(bootstrap)) {
            checks.that(
                    admin.describeUserScramCredentials().all().get().containsKey("alice"), "Kafka again has the user");
        }
    }

    /** Kafka's own files of settings, for the directory in which Aeon has run. */
    private static void settings(Path kafka, Path back) throws Exception {
        for (String name : List.of("server.properties", "log4j2.properties")) {
            Properties properties = new Properties();
            try (var in = Files.newInputStream(kafka.resolve(name))) {
                properties.load(in);
            }
            Map<String, String> changed = new TreeMap<>();
            properties
                    .stringPropertyNames()
                    .forEach(key ->
                            changed.put(key, properties.getProperty(key).replace(kafka.toString(), back.toString())));
            StringBuilder lines = new StringBuilder();
            changed.forEach(
                    (key, value) -> lines.append(key).append('=').append(value).append('\n'));
            Files.write(back.resolve(name), lines.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
