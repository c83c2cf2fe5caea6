package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a scrape of many partitions takes, the first one and later ones, and whether it leaves partitions as they are;
 * then values after a known load beside what the clients and the disk know.
 *
 * <p>Options: {@code --partitions}, {@code --written}, {@code --scrapes}, {@code --limit-ms} for the median,
 * {@code --heap} and {@code --flush}.
 */
final class Scrapes {
    private static final String MANY = "many";
    /** Topics have metrics of their own in the order of their names. */
    private static final String ORDERS = "a-few-orders";

    private static final int ORDERS_PARTITIONS = 4;
    private static final int RECORDS = 100_000;
    private static final int VALUE_BYTES = 100;
    private static final long COMMITTED = RECORDS / ORDERS_PARTITIONS / 2;
    private static final String GROUP = "half-way";
    private static final double TOLERANCE = 0.02;
    private static final String TOPIC = "{topic=\"" + ORDERS + "\"}";

    private final Checks checks = new Checks();
    private final Arguments arguments;
    private final Path data;
    private final int port = BrokerProcess.freePort();
    private final int http = BrokerProcess.freePort();

    private Scrapes(Arguments arguments, Path directory) throws IOException {
        this.arguments = arguments;
        this.data = directory.resolve("data");
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments =
                new Arguments(args, Set.of("partitions", "written", "scrapes", "limit-ms", "heap", "flush"));
        Path directory = Home.newRunDirectory("metrics");
        Scrapes rig = new Scrapes(arguments, directory);
        List<String> options = List.of("-Daeon.console.port=" + rig.http, "-Daeon.log.idle-timeout=2s");
        try (BrokerProcess broker =
                BrokerProcess.start(Distribution.of(arguments, options), rig.data, rig.port, Map.of())) {
            broker.awaitReady();
            rig.manyPartitions(broker);
            rig.truth(broker);
            broker.stop();
        }
        if (rig.checks.failed() == 0) {
            Home.delete(directory);
        }
        rig.checks.exit();
    }

    private void manyPartitions(BrokerProcess broker) throws Exception {
        int partitions = arguments.number("partitions", 10_000);
        int written = Math.min(partitions, arguments.number("written", 2_000));
        MetricsText first = MetricsText.scrape(http, false);
        checks.note("the first scrape of all, of an empty broker: %.0f ms, %d bytes", first.millis(), first.bytes());
        Topics.create(broker.bootstrap(), MANY, partitions, Map.of());
        produce(broker.bootstrap(), MANY, written, written);
        MetricsText open = MetricsText.scrape(http, false);
        checks.note(
                "the first scrape of %d partitions, %.0f of them open: %.0f ms, %d bytes, %d values",
                partitions,
                open.of(state("open")),
                open.millis(),
                open.bytes(),
                open.values().size());
        awaitRest();
        double cpu = broker.stats().cpuSeconds();
        List<Double> plain = scrapes(false);
        double each = (broker.stats().cpuSeconds() - cpu) / plain.size();
        median("plain", plain, each);
        cpu = broker.stats().cpuSeconds();
        List<Double> compressed = scrapes(true);
        median("compressed", compressed, (broker.stats().cpuSeconds() - cpu) / compressed.size());
        checks.that(
                MetricsText.scrape(http, true).of(state("open")) == 0,
                "no partition was opened by %d scrapes",
                2 * plain.size());
        checks.note("anonymous memory %.0f MiB", broker.stats().anonymousMiB());
    }

    private void awaitRest() throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        double open = MetricsText.scrape(http, true).of(state("open"));
        while (open > 0 && System.nanoTime() < deadline) {
            BrokerProcess.pause(500);
            open = MetricsText.scrape(http, true).of(state("open"));
        }
        checks.that(open == 0, "partitions without work rest while they are scraped, %.0f are open", open);
    }

    private List<Double> scrapes(boolean compressed) throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < arguments.number("scrapes", 20); i++) {
            millis.add(MetricsText.scrape(http, compressed).millis());
        }
        return millis;
    }

    private void median(String how, List<Double> millis, double cpuSeconds) {
        List<Double> sorted = millis.stream().sorted().toList();
        double median = sorted.get(sorted.size() / 2);
        double limit = arguments.number("limit-ms", 300);
        checks.that(
                median < limit,
                "%s: median %.0f ms, least %.0f, most %.0f, of %d scrapes (limit %.0f); CPU seconds of one: %.3f",
                how,
                median,
                sorted.get(0),
                sorted.get(sorted.size() - 1),
                sorted.size(),
                limit,
                cpuSeconds);
    }

    private static String state(String state) {
        return "aeon_partitions{state=\"" + state + "\"}";
    }

    private static void produce(String bootstrap, String topic, int partitions, int records) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, i % partitions, null, new byte[VALUE_BYTES])));
            }
        }
        for (Future<RecordMetadata> each : sent) {
            each.get();
        }
    }

    private void truth(BrokerProcess broker) throws Exception {
        Topics.create(broker.bootstrap(), ORDERS, ORDERS_PARTITIONS, Map.of());
        MetricsText before = MetricsText.scrape(http, true);
        produce(broker.bootstrap(), ORDERS, ORDERS_PARTITIONS, RECORDS);
        int read = readAndCommit(broker.bootstrap());
        MetricsText after = MetricsText.scrape(http, true);
        double bytes = bytesOnDisk();
        value("messages in", after.of(traffic("messagesin")), RECORDS);
        value("bytes in", after.of(traffic("bytesin")), bytes);
        value("bytes out", after.of(traffic("bytesout")), bytes * read / RECORDS);
        value("failed produce requests", after.of(traffic("failedproducerequests")), 0);
        value("failed fetch requests", after.of(traffic("failedfetchrequests")), 0);
        value(
                "messages in of all topics",
                change(before, after, "kafka_server_brokertopicmetrics_messagesin_total"),
                RECORDS + ORDERS_PARTITIONS);
        value("log size", after.sum("kafka_log_log_size{partition=\"0\",topic=\"" + ORDERS), bytes / ORDERS_PARTITIONS);
        ofPartitions(after);
        ofRequests(before, after);
        ofBroker(broker, after);
    }

    private void ofPartitions(MetricsText after) {
        for (int i = 0; i < ORDERS_PARTITIONS; i++) {
            value("log end offset of " + i, after.of(partition("kafka_log_log_logendoffset", i)), ends());
        }
        value("high watermark of 0", after.of(partition("kafka_topic_partition_current_offset", 0)), ends());
        value("log start offset of 0", after.of(partition("kafka_log_log_logstartoffset", 0)), 0);
        value("partitions of the topic", after.of("kafka_topic_partitions" + TOPIC), ORDERS_PARTITIONS);
        String of = "{consumergroup=\"" + GROUP + "\",partition=\"0\",topic=\"" + ORDERS + "\"}";
        value("committed offset", after.of("kafka_consumergroup_current_offset" + of), COMMITTED);
        value("lag", after.of("kafka_consumergroup_lag" + of), ends() - COMMITTED);
        value(
                "lag of the group",
                after.of("kafka_consumergroup_lag_sum{consumergroup=\"" + GROUP + "\",topic=\"" + ORDERS + "\"}"),
                RECORDS - ORDERS_PARTITIONS * COMMITTED);
    }

    private static double ends() {
        return (double) RECORDS / ORDERS_PARTITIONS;
    }

    private void ofRequests(MetricsText before, MetricsText after) {
        String produce = "{request=\"Produce\"}";
        double requests = change(before, after, "kafka_network_requestmetrics_requests_total" + produce);
        value(
                "produce requests and their histogram",
                change(before, after, "aeon_request_seconds_count" + produce),
                requests);
        double parts = after.of(traffic("totalproducerequests"));
        checks.that(
                requests <= parts && parts <= ORDERS_PARTITIONS * requests,
                "%.0f produce requests have %.0f parts, in a topic of %d partitions",
                requests,
                parts,
                ORDERS_PARTITIONS);
    }

    private void ofBroker(BrokerProcess broker, MetricsText after) throws IOException {
        value("connections", after.sum("kafka_server_socket_server_metrics_connection_count"), 0);
        value(
                "CPU seconds",
                after.of("process_cpu_seconds_total"),
                broker.stats().cpuSeconds());
    }

    private static double change(MetricsText before, MetricsText after, String series) {
        double old = before.of(series);
        return after.of(series) - (Double.isNaN(old) ? 0 : old);
    }

    private static String traffic(String what) {
        return "kafka_server_brokertopicmetrics_" + what + "_total" + TOPIC;
    }

    private static String partition(String name, int partition) {
        return name + "{partition=\"" + partition + "\",topic=\"" + ORDERS + "\"}";
    }

    private void value(String what, double told, double truth) {
        double error = told == truth ? 0 : Math.abs(told - truth) / Math.max(truth, 1);
        checks.that(error <= TOLERANCE, "%s: %.0f, in truth %.0f", what, told, truth);
    }

    private int readAndCommit(String bootstrap) throws Exception {
        List<TopicPartition> all = new ArrayList<>();
        Map<TopicPartition, OffsetAndMetadata> half = new HashMap<>();
        for (int i = 0; i < ORDERS_PARTITIONS; i++) {
            all.add(new TopicPartition(ORDERS, i));
            half.put(new TopicPartition(ORDERS, i), new OffsetAndMetadata(COMMITTED));
        }
        int read = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(all);
            while (read < RECORDS) {
                read += consumer.poll(Duration.ofSeconds(1)).count();
            }
        }
        try (Admin admin = Topics.admin(bootstrap)) {
            admin.alterConsumerGroupOffsets(GROUP, half).all().get();
        }
        return read;
    }

    private double bytesOnDisk() throws IOException {
        long bytes = 0;
        for (int i = 0; i < ORDERS_PARTITIONS; i++) {
            try (Stream<Path> files = Files.list(data.resolve(ORDERS + "-" + i))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".log")).toList()) {
                    bytes += Files.size(file);
                }
            }
        }
        return bytes;
    }
}
