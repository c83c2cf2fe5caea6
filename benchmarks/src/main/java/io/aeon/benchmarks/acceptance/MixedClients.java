package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.ProcessStats;
import io.aeon.benchmarks.broker.Topics;
import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Clients of all kinds, each at a rate of its own, which together leave a machine with two cores about half idle.
 * Producers: acks=1 with small records, acks=all with large and compressed ones, an idempotent one whose records a
 * worker passes on in transactions. Each has a group that reads at the tail; members come and go. One client reads from
 * the beginning again and again, others write a compacted topic, create and delete topics, connect and leave. All logs
 * but the compacted one are cut by retention all the time.
 */
final class MixedClients implements AutoCloseable {
    /** So that segments go by the second. */
    static final Map<String, String> BROKER_SETTINGS = Map.of(
            "group.initial.rebalance.delay.ms", "0",
            "log.retention.check.interval.ms", "2000",
            "log.cleaner.backoff.ms", "1000");

    private static final String SMALL = "small";
    private static final String LARGE = "large";
    private static final String INPUT = "input";
    private static final String OUTPUT = "output";
    private static final String COMPACTED = "compacted";

    private static final int PARTITIONS = 2;
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final int SMALL_RETAINED_BYTES = 12 << 20;
    private static final int OTHERS_RETAINED_BYTES = 2 << 20;
    private static final int KEYS = 20_000;
    private static final int KEYED_A_TURN = 100;
    private static final int PASSING_RECORDS = 1000;
    private static final int CONNECTION_MILLIS = 10_000;
    private static final int REJOIN_MILLIS = 5000;
    private static final Duration CATCH_UP_LIMIT = Duration.ofSeconds(60);

    private static final Map<String, Object> ACKS_1 = Map.of("acks", "1", "enable.idempotence", false, "linger.ms", 10);
    private static final Map<String, Object> LZ4 =
            Map.of("enable.idempotence", false, "compression.type", "lz4", "linger.ms", 20);
    private static final Map<String, Object> IDEMPOTENT = Map.of("enable.idempotence", true, "linger.ms", 50);
    private static final Map<String, Object> TAIL = Map.of(
            "fetch.min.bytes",
            1 << 16,
            "fetch.max.wait.ms",
            100,
            "heartbeat.interval.ms",
            500,
            "isolation.level",
            "read_committed");

    private final BrokerProcess broker;
    private final String bootstrap;
    private final List<Flow> flows = new ArrayList<>();
    private final List<CommittingConsumer> consumers = new ArrayList<>();
    private final List<Repeated> repeated = new ArrayList<>();
    private final KeyedRecords keyed = new KeyedRecords(Integer.MAX_VALUE, KEYS, System.currentTimeMillis());
    private final Rereader rereader;
    private final Process worker;

    /** A producer, and what of its records came to the group at the end of their way. */
    private record Flow(String name, LoadProducer producer, Ledger ledger, Delivered delivered) {}

    /** Returns when all have started. */
    MixedClients(BrokerProcess broker, Path directory) throws Exception {
        this.broker = broker;
        bootstrap = broker.bootstrap();
        create(SMALL, SMALL_RETAINED_BYTES);
        for (String topic : List.of(LARGE, INPUT, OUTPUT)) {
            create(topic, OTHERS_RETAINED_BYTES);
        }
        Map<String, String> compacted = Map.of("cleanup.policy", "compact", "min.cleanable.dirty.ratio", "0.1");
        Topics.create(bootstrap, COMPACTED, 1, inSmallSegments(compacted));
        Delivered small = flow(SMALL, SMALL, 1000, ACKS_1, Numbered::value);
        flow(LARGE, LARGE, 100, LZ4, Numbered::large);
        flow(INPUT, OUTPUT, 200, IDEMPOTENT, Numbered::value);
        consumers.add(member(SMALL, small));
        worker = TransformingWorker.start(
                List.of(bootstrap, INPUT, OUTPUT, "transform", "worker"), directory.resolve("worker.out"));
        rereader = new Rereader(
                bootstrap,
                IntStream.range(0, PARTITIONS)
                        .mapToObj(partition -> new TopicPartition(SMALL, partition))
                        .toList());
        repeated.add(rereader.turns());
        repeated.add(new Repeated("member that leaves and joins", REJOIN_MILLIS, number -> joinAndLeave(small)));
        repeated.add(new Repeated("connection", 50, number -> connect()));
        repeated.add(new Repeated("topic created and deleted", 3000, this::createAndDelete));
        repeated.add(new Repeated("batch of keyed records", 100, this::writeKeyed));
    }

    private void create(String topic, int retainedBytes) throws Exception {
        Map<String, String> retained = Map.of("retention.bytes", Integer.toString(retainedBytes));
        Topics.create(bootstrap, topic, PARTITIONS, inSmallSegments(retained));
    }

    private static Map<String, String> inSmallSegments(Map<String, String> configs) {
        Map<String, String> all = new HashMap<>(configs);
        all.put("segment.bytes", Integer.toString(SEGMENT_BYTES));
        all.put("file.delete.delay.ms", "1000");
        return all;
    }

    private Delivered flow(
            String topic, String arrival, int perSecond, Map<String, Object> settings, LongFunction<byte[]> values) {
        Ledger ledger = new Ledger(PARTITIONS);
        Delivered delivered = new Delivered();
        consumers.add(member(arrival, delivered));
        LoadProducer producer = new LoadProducer(bootstrap, topic, PARTITIONS, perSecond, ledger, settings, values);
        flows.add(new Flow(topic, producer, ledger, delivered));
        return delivered;
    }

    private CommittingConsumer member(String topic, Delivered delivered) {
        return new CommittingConsumer(bootstrap, topic, "tail-" + topic, TAIL, delivered::add);
    }

    private void joinAndLeave(Delivered delivered) {
        CommittingConsumer passing = member(SMALL, delivered);
        try (passing) {
            BrokerProcess.pause(REJOIN_MILLIS / 2);
        }
        if (passing.failure() != null) {
            throw passing.failure();
        }
    }

    private void connect() throws IOException {
        try (Wire wire = new Wire(broker.port(), CONNECTION_MILLIS)) {
            wire.knowsBrokers();
        }
    }

    private void createAndDelete(long number) throws Exception {
        String topic = "passing-" + number;
        Topics.create(bootstrap, topic, PARTITIONS, Map.of());
        keyed.write(broker.port(), topic, 0, PASSING_RECORDS);
        try (Admin admin = Topics.admin(bootstrap)) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    private void writeKeyed(long number) throws IOException {
        int from = Math.toIntExact(number * KEYED_A_TURN);
        keyed.write(broker.port(), COMPACTED, from, from + KEYED_A_TURN);
    }

    /** Records that producers with groups have had acknowledged so far. */
    long acknowledged() {
        return flows.stream().mapToLong(flow -> flow.ledger.acknowledged()).sum();
    }

    /** Of these, the ones that came to their groups so far. */
    long delivered() {
        return flows.stream().mapToLong(flow -> flow.delivered.count()).sum();
    }

    /** CPU seconds of all of them so far. */
    double cpuSeconds() throws IOException {
        return ProcessStats.ownCpuSeconds() + new ProcessStats(worker.pid()).cpuSeconds();
    }

    /** Stops the load and waits until the groups have read what there is, or have tried for long enough. */
    void finish() throws Exception {
        stop();
        long deadline = System.nanoTime() + CATCH_UP_LIMIT.toNanos();
        while (delivered() < acknowledged() && System.nanoTime() < deadline) {
            BrokerProcess.pause(100);
        }
        consumers.forEach(CommittingConsumer::close);
    }

    private void stop() {
        repeated.forEach(Repeated::close);
        flows.forEach(flow -> flow.producer.close());
    }

    /** Whether everything went well that is finished. */
    void check(Checks checks, Path logs) {
        for (Flow flow : flows) {
            Exception failure = flow.producer.failure();
            checks.that(failure == null, "%s: no record was refused (%s)", flow.name, failure);
            checks.that(
                    flow.delivered.count() == flow.ledger.acknowledged(),
                    "%s: %d records acknowledged, %d of them delivered, %d of these again",
                    flow.name,
                    flow.ledger.acknowledged(),
                    flow.delivered.count(),
                    flow.delivered.again());
        }
        checks.that(
                consumers.stream().allMatch(consumer -> consumer.failure() == null),
                "the members at the tail committed %d times (%s)",
                consumers.stream().mapToLong(CommittingConsumer::commits).sum(),
                consumers.stream().map(CommittingConsumer::failure).toList());
        for (Repeated each : repeated) {
            checks.that(each.failure() == null, "%s: %d times (%s)", each.name(), each.done(), each.failure());
        }
        checks.note("the topic %s was read from its beginning %d times", SMALL, rereader.begun());
        checks.that(worker.isAlive(), "the worker that passes records on in transactions lives");
        checkCompacted(checks, logs);
    }

    private void checkCompacted(Checks checks, Path logs) {
        CompactedLog.Contents left = new CompactedLog(COMPACTED, logs, keyed).read(bootstrap);
        int written = left.offsets().length();
        BitSet missing = keyed.survivors(written, written, false);
        missing.andNot(left.offsets());
        checks.that(
                left.count() < written && left.wrong() == 0 && missing.isEmpty(),
                "%s: of %d records compaction left %d, %d of them wrong, %d missing",
                COMPACTED,
                written,
                left.count(),
                left.wrong(),
                missing.cardinality());
    }

    @Override
    public void close() {
        stop();
        consumers.forEach(CommittingConsumer::close);
        rereader.close();
        worker.destroyForcibly().onExit().join();
    }
}
