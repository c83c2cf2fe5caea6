package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Limited;
import io.aeon.benchmarks.broker.ProcessStats;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Many partitions, some of them written, on a small heap with few descriptors: what creating them takes, and how long
 * it takes until every written one answers again after a stop in order and after kill -9.
 *
 * <p>Options: {@code --partitions}, {@code --written}, {@code --heap}, {@code --descriptors}, {@code --flush}, {@code
 * --broker}, {@code --clean-limit-ms} and {@code --crash-limit-ms} for the times to ready.
 */
final class ManyPartitions {
    private static final int PER_TOPIC = 1000;
    private static final int RECORDS = 10;
    private static final int RECORD_BYTES = 100;
    private static final int REQUEST = 2000;

    private final Checks checks = new Checks();
    private final int partitions;
    private final List<TopicPartition> written = new ArrayList<>();
    private final Distribution distribution;
    private final Path data;
    private final int port = BrokerProcess.freePort();
    private BrokerProcess broker;
    private long records;

    private ManyPartitions(Arguments arguments, Path directory) throws IOException {
        partitions = arguments.number("partitions", 5000);
        distribution = new Limited(Distribution.of(arguments), arguments.number("descriptors", 1024));
        data = directory.resolve("data");
        int count = Math.min(arguments.number("written", partitions), partitions);
        for (long i = 0; i < count; i++) {
            int number = (int) (i * partitions / count);
            written.add(new TopicPartition(topic(number / PER_TOPIC), number % PER_TOPIC));
        }
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(
                args,
                Set.of(
                        "partitions",
                        "written",
                        "heap",
                        "descriptors",
                        "flush",
                        "broker",
                        "clean-limit-ms",
                        "crash-limit-ms"));
        Path directory = Home.newRunDirectory("many-partitions");
        ManyPartitions rig = new ManyPartitions(arguments, directory);
        try {
            rig.run(arguments.number("clean-limit-ms", 15_000), arguments.number("crash-limit-ms", 15_000));
        } finally {
            rig.broker.close();
        }
        if (rig.checks.failed() == 0) {
            Home.delete(directory);
        }
        rig.checks.exit();
    }

    private static String topic(int number) {
        return "many-" + number;
    }

    private void run(int cleanLimitMs, int crashLimitMs) throws Exception {
        start();
        broker.awaitReady();
        try (Admin admin = Topics.admin("127.0.0.1:" + port)) {
            create(admin);
            write();
            awaitAll(admin);
            state("written");
            describeAll(admin);
            stop();
            restart(admin, "after a stop in order", cleanLimitMs);
            state("after a stop in order");
            write();
            broker.kill();
            restart(admin, "after kill -9", crashLimitMs);
            write();
            awaitAll(admin);
            state("after kill -9 and more records");
            stop();
        }
    }

    private void start() throws IOException {
        broker = BrokerProcess.start(distribution, data, port, Map.of());
    }

    private void create(Admin admin) throws Exception {
        long begun = System.nanoTime();
        for (int first = 0; first < partitions; first += PER_TOPIC) {
            int count = Math.min(PER_TOPIC, partitions - first);
            admin.createTopics(
                            List.of(new NewTopic(topic(first / PER_TOPIC), Optional.of(count), Optional.of((short) 1))))
                    .all()
                    .get();
        }
        checks.note("%d partitions created in %.2f s", partitions, secondsSince(begun));
    }

    private void write() throws Exception {
        long begun = System.nanoTime();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + port,
                "linger.ms",
                5,
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
            for (int record = 0; record < RECORDS; record++) {
                for (TopicPartition each : written) {
                    sent.add(producer.send(
                            new ProducerRecord<>(each.topic(), each.partition(), null, new byte[RECORD_BYTES])));
                }
            }
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
        records += RECORDS;
        checks.note("%d records into each of %d partitions in %.2f s", RECORDS, written.size(), secondsSince(begun));
    }

    private void restart(Admin admin, String when, int limitMs) throws Exception {
        long begun = System.nanoTime();
        start();
        double answers = broker.awaitReady().toMillis() / 1000.0;
        awaitAll(admin);
        double ready = secondsSince(begun);
        checks.that(
                ready * 1000 < limitMs,
                "%s: first answer after %.2f s, all written partitions with their records after %.2f s (limit %.1f s)",
                when,
                answers,
                ready,
                limitMs / 1000.0);
    }

    /** Until every written partition has told its end, which must be the right one. */
    private void awaitAll(Admin admin) throws Exception {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int from = 0; from < written.size(); from += REQUEST) {
            ends.putAll(ends(admin, written.subList(from, Math.min(written.size(), from + REQUEST))));
        }
        long wrong = written.stream().filter(each -> ends.get(each) != records).count();
        if (wrong > 0) {
            checks.that(false, "%d of %d partitions do not end at %d", wrong, written.size(), records);
        }
    }

    private static Map<TopicPartition, Long> ends(Admin admin, Collection<TopicPartition> wanted) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        wanted.forEach(each -> latest.put(each, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(latest).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /** What tools ask that look at everything. */
    private void describeAll(Admin admin) throws Exception {
        long begun = System.nanoTime();
        int described = admin.describeTopics(admin.listTopics().names().get()).allTopicNames().get().values().stream()
                .mapToInt(topic -> topic.partitions().size())
                .sum();
        double metadata = secondsSince(begun);
        begun = System.nanoTime();
        for (int first = 0; first < partitions; first += PER_TOPIC) {
            List<TopicPartition> all = new ArrayList<>();
            for (int i = first; i < Math.min(first + PER_TOPIC, partitions); i++) {
                all.add(new TopicPartition(topic(first / PER_TOPIC), i % PER_TOPIC));
            }
            ends(admin, all);
        }
        checks.note(
                "%d partitions described in %.2f s, their ends listed in %.2f s",
                described, metadata, secondsSince(begun));
        state("all asked for");
    }

    private void stop() throws IOException {
        long begun = System.nanoTime();
        int status = broker.stop();
        checks.that(status == expectedStatus(), "stopped in order in %.2f s (status %d)", secondsSince(begun), status);
    }

    /** A JVM that ends on SIGTERM by itself says so; Aeon's launcher does not. */
    private int expectedStatus() {
        return distribution.name().startsWith("aeon") ? 0 : 143;
    }

    private void state(String when) throws IOException {
        ProcessStats stats = broker.stats();
        int files = stats.openFiles();
        int mappings = stats.mappings();
        checks.note(
                "%s: live heap %.0f MiB, anonymous memory %.0f MiB, %d descriptors, %d mappings",
                when, broker.liveHeapMiB(), stats.anonymousMiB(), files, mappings);
    }

    private static double secondsSince(long begunNanos) {
        return (System.nanoTime() - begunNanos) / 1e9;
    }
}
