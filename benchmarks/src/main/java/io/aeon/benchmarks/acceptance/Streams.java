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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Kafka Streams counts words and joins a stream with a table, {@code exactly_once_v2}, while the application and the
 * broker are killed. A second run over the same input without faults must give the same records for every key, in the
 * same order. Options: {@code --lines}, {@code --rate} of lines in a second, {@code --partitions},
 * {@code --broker-kills}, {@code --kills} of the application, {@code --seed}, {@code --broker}, {@code --flush},
 * {@code --heap}.
 */
final class Streams {
    private static final String LINES = "lines";
    private static final String NAMES = "names";
    private static final int KEYS = 100;
    private static final int WORDS = 50;
    private static final int WORDS_IN_LINE = 3;
    private static final long PATIENCE_NANOS = 180_000_000_000L;

    private final Checks checks = new Checks();
    private final Arguments arguments;
    private final Path directory;
    private final int port;
    private final int lines;
    private final int partitions;
    private final long seed;
    private BrokerProcess broker;
    private Process application;
    private volatile Exception feedFailure;

    private Streams(Arguments arguments) throws IOException {
        this.arguments = arguments;
        directory = Home.newRunDirectory("streams");
        port = BrokerProcess.freePort();
        lines = arguments.number("lines", 10_000);
        partitions = arguments.number("partitions", 4);
        seed = Long.parseLong(arguments.text("seed", Long.toString(System.nanoTime())));
        checks.note("seed %d", seed);
    }

    public static void main(String[] args) throws Exception {
        new Streams(new Arguments(
                        args,
                        Set.of(
                                "lines",
                                "rate",
                                "partitions",
                                "broker-kills",
                                "kills",
                                "seed",
                                "broker",
                                "flush",
                                "heap")))
                .run();
    }

    private void run() throws Exception {
        startBroker();
        try {
            Topics.create(broker.bootstrap(), LINES, partitions, Map.of());
            Topics.create(broker.bootstrap(), NAMES, partitions, Map.of());
            feed(NAMES, KEYS, Integer.MAX_VALUE);
            begin("faulty");
            Thread feeder = new Thread(() -> feed(LINES, lines, arguments.number("rate", 500)), "feeder");
            feeder.start();
            killAround("faulty");
            feeder.join();
            List<Map<String, List<String>>> faulty = end("faulty");
            begin("calm");
            List<Map<String, List<String>>> calm = end("calm");
            checks.that(feedFailure == null, "the whole input is written (%s)", feedFailure);
            checks.that(faulty.get(0).equals(calm.get(0)), "the same counts for every word, in the same order");
            checks.that(faulty.get(1).equals(calm.get(1)), "the same joined lines for every key, in the same order");
        } finally {
            stopApplication();
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

    private void begin(String run) throws Exception {
        Topics.create(broker.bootstrap(), run + "-counts", partitions, Map.of());
        Topics.create(broker.bootstrap(), run + "-joined", partitions, Map.of());
        startApplication(run);
    }

    private void startApplication(String run) throws IOException {
        String state = directory.resolve(run + "-state").toString();
        List<String> all = List.of(broker.bootstrap(), run, state, LINES, NAMES, run + "-counts", run + "-joined");
        String source = Home.source("streams/StreamsApplication.java").toString();
        application = new ProcessBuilder(Home.program("streams", List.of("-Xmx256m"), source, all))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(run + ".out").toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(application::destroyForcibly));
    }

    private void stopApplication() {
        if (application != null) {
            application.destroyForcibly().onExit().join();
        }
    }

    /** Line or name of every number, always the same ones for a seed; its key says its partition. */
    private void feed(String topic, int count, int rate) {
        Random random = new Random(seed);
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap(), "delivery.timeout.ms", 600_000);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            long begun = System.nanoTime();
            for (int i = 0; i < count; i++) {
                String key = "key-" + i % KEYS;
                String value = topic.equals(NAMES) ? "name-" + i : line(random);
                producer.send(
                        new ProducerRecord<>(topic, key, value),
                        (metadata, exception) -> feedFailure = exception == null ? feedFailure : exception);
                while (i > (System.nanoTime() - begun) * 1e-9 * rate) {
                    BrokerProcess.pause(1);
                }
            }
        }
    }

    private static String line(Random random) {
        return String.join(
                " ",
                random.ints(WORDS_IN_LINE, 0, WORDS)
                        .mapToObj(word -> "word-" + word)
                        .toList());
    }

    private void killAround(String run) throws IOException {
        Random random = new Random(seed);
        int brokerKills = arguments.number("broker-kills", 2);
        int kills = arguments.number("kills", 2);
        while (brokerKills + kills > 0) {
            BrokerProcess.pause(3000 + random.nextInt(4000));
            if (random.nextInt(brokerKills + kills) < brokerKills) {
                brokerKills--;
                broker.kill();
                startBroker();
            } else {
                kills--;
                stopApplication();
                startApplication(run);
            }
        }
    }

    /** The committed counts and joined lines by key, once all are there. */
    private List<Map<String, List<String>>> end(String run) throws Exception {
        long begun = System.nanoTime();
        var counts = committed(run + "-counts", lines * WORDS_IN_LINE);
        var joined = committed(run + "-joined", lines);
        checks.that(
                application.isAlive(), "%s: the application runs, %.1f s on", run, (System.nanoTime() - begun) / 1e9);
        stopApplication();
        return List.of(counts, joined);
    }

    private Map<String, List<String>> committed(String topic, int expected) {
        Map<String, List<String>> values = new HashMap<>();
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed");
        int read = 0;
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            boolean more = true;
            while (more && System.nanoTime() < deadline) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    values.computeIfAbsent(record.key(), key -> new ArrayList<>())
                            .add(record.value());
                    read++;
                }
                var ends = consumer.endOffsets(all);
                more = read < expected
                        || all.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition));
            }
        }
        checks.that(read == expected, "%s: %d committed records of %d", topic, read, expected);
        return values;
    }
}
