package io.aeon.benchmarks.boards;

import io.aeon.benchmarks.acceptance.Checks;
import io.aeon.benchmarks.boards.Prometheus.Sample;
import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The panels of dashboards, evaluated by Prometheus over a broker under a known load: each has a value, and those whose
 * value is known from elsewhere have that value.
 *
 * <p>Options: {@code --panels} (the file), {@code --seconds} that rates are taken over, {@code --interval} between
 * scrapes, {@code --flush} and {@code --heap}.
 */
final class Boards {
    private static final String TOPIC = "orders";
    private static final int PARTITIONS = 4;
    private static final String LAGGING = "lagging";
    private static final long COMMITTED = 20;
    private static final long DELETED = 10;
    private static final double TOLERANCE = 0.02;
    private static final Map<String, String> LABELS = Map.of(
            "namespace", "here",
            "strimzi_io_cluster", "aeon",
            "strimzi_io_name", "aeon-kafka",
            "kubernetes_pod_name", "aeon-broker-1",
            "container", "kafka");
    private static final String OWN = "namespace=\"here\",strimzi_io_cluster=\"aeon\",strimzi_io_name=\"aeon-kafka\","
            + "kubernetes_pod_name=~\"aeon-.*\",container=\"kafka\"";

    private final Checks checks = new Checks();
    private final Path directory;
    private final BrokerProcess broker;
    private final Prometheus prometheus;
    private final Map<String, String> queries;
    private final int seconds;
    private final int interval;

    private Boards(Arguments arguments, Path directory, BrokerProcess broker, int http) throws Exception {
        this.directory = directory;
        this.broker = broker;
        this.seconds = arguments.number("seconds", 60);
        this.interval = arguments.number("interval", 5);
        Map<String, String> variables =
                Map.of("own", OWN, "range", seconds + "s", "seconds", Integer.toString(seconds), "topic", TOPIC);
        this.queries = Panel.of(Path.of(arguments.text("panels", ""))).stream()
                .collect(Collectors.toMap(Panel::name, panel -> panel.query(variables)));
        broker.awaitReady();
        this.prometheus = Prometheus.start(
                directory.resolve("prometheus"), Duration.ofSeconds(interval), Map.of("127.0.0.1:" + http, LABELS));
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("panels", "seconds", "interval", "flush", "heap"));
        Path directory = Home.newRunDirectory("boards");
        int http = BrokerProcess.freePort();
        Distribution aeon = Distribution.of(arguments, List.of("-Daeon.console.port=" + http));
        Checks checks;
        try (BrokerProcess broker =
                BrokerProcess.start(aeon, directory.resolve("data"), BrokerProcess.freePort(), Map.of())) {
            Boards boards = new Boards(arguments, directory, broker, http);
            try (boards.prometheus;
                    Admin admin = Topics.admin(broker.bootstrap())) {
                boards.run(admin);
            }
            checks = boards.checks;
            broker.stop();
        }
        if (checks.failed() == 0) {
            Home.delete(directory);
        }
        checks.exit();
    }

    private void run(Admin admin) throws Exception {
        Topics.create(
                broker.bootstrap(),
                TOPIC,
                PARTITIONS,
                Map.of("max.message.bytes", Integer.toString(KnownLoad.LARGEST_BYTES)));
        admin.alterConsumerGroupOffsets(LAGGING, eachPartition(new OffsetAndMetadata(COMMITTED)))
                .all()
                .get();
        Loaded loaded = underLoad();
        for (String panel : queries.keySet().stream().sorted().toList()) {
            present(panel, loaded.end());
        }
        rates(admin, loaded);
        admin.deleteRecords(Map.of(new TopicPartition(TOPIC, 0), RecordsToDelete.beforeOffset(DELETED)))
                .all()
                .get();
        BrokerProcess.pause(3_000L * interval);
        Instant after = Instant.now();
        cluster(admin, after);
        topic(admin, after);
        process(after);
    }

    /**
     * What happened in the seconds before the end.
     *
     * @param written bytes that the broker wrote to the disk
     */
    private record Loaded(Instant end, KnownLoad.Done done, long written) {}

    private static <T> Map<TopicPartition, T> eachPartition(T value) {
        Map<TopicPartition, T> all = new HashMap<>();
        IntStream.range(0, PARTITIONS).forEach(partition -> all.put(new TopicPartition(TOPIC, partition), value));
        return all;
    }

    private Loaded underLoad() throws Exception {
        KnownLoad load = new KnownLoad(broker.bootstrap(), TOPIC, PARTITIONS);
        Loaded loaded;
        try (load) {
            BrokerProcess.pause(3_000L * interval);
            long before = broker.stats().writtenBytes();
            KnownLoad.Done doneBefore = load.done();
            BrokerProcess.pause(1_000L * seconds);
            loaded = new Loaded(
                    Instant.now(), load.done().since(doneBefore), broker.stats().writtenBytes() - before);
        }
        checks.that(load.failure() == null, "the load of %d s has had no error (%s)", seconds, load.failure());
        return loaded;
    }

    private void present(String panel, Instant at) throws IOException, InterruptedException {
        List<Sample> samples = prometheus.query(queries.get(panel), at);
        String shown = samples.stream()
                .limit(3)
                .map(sample -> Double.toString(sample.value()))
                .collect(Collectors.joining(", "));
        checks.that(!samples.isEmpty(), "%s has values: %s", panel, shown);
    }

    private void rates(Admin admin, Loaded loaded) throws Exception {
        KnownLoad.Done done = loaded.done();
        double records = (double) done.produced() / seconds;
        double refused = (double) done.refused() / seconds;
        double committed = (double) done.committed() / seconds;
        double bytes = records
                * bytesOnDisk()
                / ends(admin).values().stream().mapToLong(each -> each).sum();
        Instant end = loaded.end();
        average("kafka: Incoming Messages Rate", end, records);
        average("kafka: Incoming Byte Rate", end, bytes);
        average("kafka: Outgoing Byte Rate", end, bytes);
        average("kafka: Produce Request Rate", end, records + refused);
        average("kafka: Failed Produce Request Rate", end, refused);
        average("kafka: Failed Fetch Request Rate", end, 0);
        average("kafka: Unclean Leader Election Rate", end, 0);
        average("kafka: Disk Writes", end, (double) loaded.written() / seconds);
        value("exporter: Messages in per second", end, Map.of("topic", TOPIC), records);
        value("exporter: Messages consumed per second", end, Map.of("consumergroup", KnownLoad.GROUP), committed);
        value("exporter: Messages consumed per second", end, Map.of("consumergroup", LAGGING), 0);
    }

    private void cluster(Admin admin, Instant at) throws Exception {
        Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get();
        double partitions = admin.describeTopics(topics).allTopicNames().get().values().stream()
                .mapToInt(each -> each.partitions().size())
                .sum();
        QuorumInfo quorum = admin.describeMetadataQuorum().quorumInfo().get();
        value("kafka: Brokers Online", at, 1);
        value("kafka: Active Controllers", at, 1);
        value("kafka: Online Replicas", at, partitions);
        value("kafka: Under Replicated Partitions", at, 0);
        value("kafka: Partitions at minimum ISR", at, partitions);
        value("kafka: Partitions under minimum ISR", at, 0);
        value("kafka: Offline Partitions Count", at, 0);
        value("kraft: Current Raft State", at, Map.of("current_state", "leader"), 1);
        value("kraft: Current Quorum Leader", at, quorum.leaderId());
        value("kraft: Current Quorum Epoch", at, quorum.leaderEpoch());
        value("kraft: High Watermark", at, quorum.highWatermark());
        value("kraft: Log End Offset", at, quorum.voters().get(0).logEndOffset());
    }

    private void topic(Admin admin, Instant at) throws Exception {
        Map<Integer, Long> ends = ends(admin);
        double all = ends.values().stream().mapToLong(each -> each).sum();
        double first = ends.get(0);
        Map<String, String> ofFirst = Map.of("partition", "0");
        Map<String, String> lagging = Map.of("consumergroup", LAGGING);
        Map<String, String> laggingOfFirst = Map.of("consumergroup", LAGGING, "partition", "0");
        value("kafka: Log Size", at, bytesOnDisk());
        value("exporter: Topics", at, 1);
        value("exporter: Partitions", at, PARTITIONS);
        value("exporter: Number of Partitions", at, PARTITIONS);
        value("exporter: Replicas", at, PARTITIONS);
        value("exporter: In Sync Replicas", at, PARTITIONS);
        value("exporter: Under Replicated Partitions", at, 0);
        value("exporter: Partitions at minimum ISR", at, PARTITIONS);
        value("exporter: Partitions under minimum ISR", at, 0);
        value("exporter: Partitions not on preferred node", at, 0);
        value("exporter: Lag by Consumer Group", at, lagging, all - PARTITIONS * COMMITTED);
        value("exporter: Lag by Consumer Group", at, Map.of("consumergroup", KnownLoad.GROUP), 0);
        value("exporter: Consumer Group Offsets", at, Map.of("consumergroup", KnownLoad.GROUP), all);
        value("exporter: Consumer Group Offsets", at, laggingOfFirst, COMMITTED);
        value("exporter: Consumer Group Lag", at, laggingOfFirst, first - COMMITTED);
        value("exporter: Latest Offsets", at, all);
        value("exporter: Latest Offsets", at, ofFirst, first);
        value("exporter: Oldest Offsets", at, DELETED);
    }

    private void process(Instant at) throws Exception {
        value("kafka: Open File Descriptors", at, broker.stats().openFiles());
        value("kafka: Connection Count per Listener", at, Map.of("listener", "client"), connections());
    }

    /** Established connections at the broker's side. */
    private long connections() throws IOException {
        String local = String.format(Locale.ROOT, ":%04X", broker.port());
        long count = 0;
        for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            count += Files.readAllLines(Path.of(file)).stream()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(fields -> fields[1].endsWith(local) && fields[3].equals("01"))
                    .count();
        }
        return count;
    }

    private static Map<Integer, Long> ends(Admin admin) throws Exception {
        return Topics.ends(admin, TOPIC, PARTITIONS);
    }

    private double bytesOnDisk() throws IOException {
        long bytes = 0;
        for (int i = 0; i < PARTITIONS; i++) {
            bytes += Files.size(
                    directory.resolve("data").resolve(TOPIC + "-" + i).resolve("00000000000000000000.log"));
        }
        return bytes;
    }

    /** As {@link #value} of the mean over the time of the load: a scrape is some milliseconds late now and then. */
    private void average(String panel, Instant at, double truth) throws IOException, InterruptedException {
        String mean = "avg_over_time((" + queries.get(panel) + ")[" + seconds + "s:" + interval + "s])";
        compare(panel, prometheus.query(mean, at), Map.of(), truth);
    }

    private void value(String panel, Instant at, double truth) throws IOException, InterruptedException {
        value(panel, at, Map.of(), truth);
    }

    /** @param labels of the elements whose sum is compared */
    private void value(String panel, Instant at, Map<String, String> labels, double truth)
            throws IOException, InterruptedException {
        compare(panel, prometheus.query(queries.get(panel), at), labels, truth);
    }

    private void compare(String panel, List<Sample> samples, Map<String, String> labels, double truth) {
        List<Sample> chosen = samples.stream().filter(each -> each.has(labels)).toList();
        double told = chosen.stream().mapToDouble(Sample::value).sum();
        double error = told == truth ? 0 : Math.abs(told - truth) / Math.max(Math.abs(truth), 1);
        checks.that(
                !chosen.isEmpty() && error <= TOLERANCE,
                "%s %s: %.2f, in truth %.2f (%.2f %%)",
                panel,
                labels.isEmpty() ? "" : labels,
                told,
                truth,
                100 * error);
    }
}
