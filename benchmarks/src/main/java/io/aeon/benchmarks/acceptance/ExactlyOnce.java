package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Workers consume, transform and produce in transactions while they and the broker are killed: in the end the output is
 * exactly the input, each record once. Options: {@code --records}, {@code --partitions}, {@code --workers},
 * {@code --broker-kills}, {@code --worker-kills}, {@code --rate} of the input in records per second, {@code --seed},
 * {@code --broker}, {@code --flush}, {@code --heap}.
 */
final class ExactlyOnce {
    private static final String INPUT = "eos-in";
    private static final String OUTPUT = "eos-out";
    private static final String GROUP = "eos";
    private static final long PATIENCE_SECONDS = 300;

    private final Checks checks = new Checks();
    private final Arguments arguments;
    private final Path directory;
    private final int port;
    private final int records;
    private final int partitions;
    private final Random random;
    private final List<Process> workers = new ArrayList<>();
    private BrokerProcess broker;
    private volatile Exception feedFailure;

    private ExactlyOnce(Arguments arguments) throws IOException {
        this.arguments = arguments;
        directory = Home.newRunDirectory("exactly-once");
        port = BrokerProcess.freePort();
        records = arguments.number("records", 100_000);
        partitions = arguments.number("partitions", 8);
        long seed = Long.parseLong(arguments.text("seed", Long.toString(System.nanoTime())));
        random = new Random(seed);
        checks.note("seed %d", seed);
    }

    public static void main(String[] args) throws Exception {
        new ExactlyOnce(new Arguments(
                        args,
                        Set.of(
                                "records",
                                "partitions",
                                "workers",
                                "broker-kills",
                                "worker-kills",
                                "rate",
                                "seed",
                                "broker",
                                "flush",
                                "heap")))
                .run();
    }

    private void run() throws Exception {
        startBroker();
        try {
            Topics.create(broker.bootstrap(), INPUT, partitions, Map.of());
            Topics.create(broker.bootstrap(), OUTPUT, partitions, Map.of());
            for (int i = 0; i < arguments.number("workers", 3); i++) {
                workers.add(startWorker(i));
            }
            Thread feeder = new Thread(this::feed, "feeder");
            feeder.start();
            killAround();
            feeder.join();
            checks.that(feedFailure == null, "the whole input is written (%s)", feedFailure);
            awaitTransformed();
            workers.forEach(ExactlyOnce::kill);
            compare();
        } finally {
            workers.forEach(ExactlyOnce::kill);
            broker.close();
        }
        if (checks.failed() == 0) {
            Home.delete(directory);
        }
        checks.exit();
    }

    private void startBroker() throws IOException {
        broker = BrokerProcess.start(Distribution.of(arguments), directory.resolve("data"), port, Map.of());
        broker.awaitReady();
    }

    private Process startWorker(int number) throws IOException {
        Path output = directory.resolve("worker-" + number + ".out");
        return TransformingWorker.start(List.of(broker.bootstrap(), INPUT, OUTPUT, GROUP, "worker-" + number), output);
    }

    private static void kill(Process worker) {
        worker.destroyForcibly().onExit().join();
    }

    private void feed() {
        int rate = arguments.number("rate", 5000);
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "delivery.timeout.ms", 600_000, "linger.ms", 5);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            long begun = System.nanoTime();
            for (int number = 0; number < records; number++) {
                producer.send(
                        new ProducerRecord<>(INPUT, number % partitions, null, Numbered.value(number)),
                        (metadata, exception) -> feedFailure = exception == null ? feedFailure : exception);
                while (number > (System.nanoTime() - begun) * 1e-9 * rate) {
                    BrokerProcess.pause(1);
                }
            }
        }
    }

    private void killAround() throws IOException {
        int brokerKills = arguments.number("broker-kills", 5);
        int workerKills = arguments.number("worker-kills", 5);
        while (brokerKills + workerKills > 0) {
            BrokerProcess.pause(500 + random.nextInt(3000));
            if (random.nextInt(brokerKills + workerKills) < brokerKills) {
                brokerKills--;
                broker.kill();
                startBroker();
            } else {
                workerKills--;
                kill(workers.get(random.nextInt(workers.size())));
            }
            startFallen();
        }
    }

    private void startFallen() throws IOException {
        for (int i = 0; i < workers.size(); i++) {
            if (!workers.get(i).isAlive()) {
                workers.set(i, startWorker(i));
            }
        }
    }

    /** As long as it goes on it may take its time. */
    private void awaitTransformed() throws Exception {
        long begun = System.nanoTime();
        long progress = begun;
        long left = Long.MAX_VALUE;
        try (Admin admin = Topics.admin(broker.bootstrap())) {
            Map<Integer, Long> ends = Topics.ends(admin, INPUT, partitions);
            while (left > 0 && System.nanoTime() - progress < PATIENCE_SECONDS * 1_000_000_000L) {
                BrokerProcess.pause(500);
                startFallen();
                long before = left;
                left = uncommitted(admin, ends);
                progress = left < before ? System.nanoTime() : progress;
            }
        }
        checks.that(
                left == 0,
                "%d records of the input are left to transform %.1f s after its end",
                left,
                (System.nanoTime() - begun) / 1e9);
    }

    private static long uncommitted(Admin admin, Map<Integer, Long> ends) throws Exception {
        var committed = admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        return ends.entrySet().stream()
                .mapToLong(end -> {
                    var offset = committed.get(new TopicPartition(INPUT, end.getKey()));
                    return end.getValue() - (offset == null ? 0 : offset.offset());
                })
                .sum();
    }

    private void compare() {
        int[] input = counts(INPUT);
        int[] output = counts(OUTPUT);
        int lost = 0;
        int again = 0;
        int written = 0;
        for (int number = 0; number < records; number++) {
            lost += output[number] < input[number] ? 1 : 0;
            again += output[number] > input[number] ? 1 : 0;
            written += input[number];
        }
        checks.that(written == records, "the input holds %d records of %d", written, records);
        checks.that(lost == 0, "%d records of the input are not in the output", lost);
        checks.that(again == 0, "%d records are more often in the output than in the input", again);
    }

    /** How often each number can be read by who reads what is committed. */
    private int[] counts(String topic) {
        int[] counts = new int[records];
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            for (int i = 0; i < partitions; i++) {
                all.add(new TopicPartition(topic, i));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long deadline = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())
                    && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    counts[(int) Numbered.of(record.value())]++;
                }
            }
            checks.that(System.nanoTime() < deadline, "%s can be read to its end", topic);
        }
        return counts;
    }
}
