package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One partition of a thousand gets a flipped byte in a sealed segment while the broker is stopped. It must answer with
 * KAFKA_STORAGE_ERROR there and with its records before, the others must not notice, and {@code aeon log verify} and
 * {@code repair} must find and mend it.
 *
 * <p>Options: {@code --topics}, {@code --partitions} of each, {@code --seconds} of each measurement, {@code --rate} of
 * records per second, {@code --flush}, {@code --heap}.
 */
final class CorruptOne {
    private static final TopicPartition VICTIM = new TopicPartition("t0", 0);
    private static final int MIB = 1 << 20;
    private static final int VALUE_BYTES = 10_000;
    private static final int RECORDS = 300;
    private static final int DAMAGED_AT = MIB / 2;
    private static final int WIRE_TIMEOUT_MILLIS = 30_000;
    private static final int ASK_AGAIN_MILLIS = 20;
    private static final double NOISE_FACTOR = 2;
    private static final double NOISE_MILLIS = 5;

    private final Checks checks = new Checks();
    private final Arguments arguments;
    private final Distribution distribution;
    private final Path data;
    private final int port = BrokerProcess.freePort();
    private final String bootstrap = "127.0.0.1:" + port;
    private volatile boolean stopped;
    private volatile long refused;

    private CorruptOne(Arguments arguments) throws IOException {
        this.arguments = arguments;
        this.distribution = Distribution.of(arguments);
        this.data = Home.newRunDirectory("corrupt-one").resolve("data");
        checks.note("%s, data in %s", distribution.name(), data);
    }

    public static void main(String[] args) throws Exception {
        new CorruptOne(new Arguments(args, Set.of("topics", "partitions", "seconds", "rate", "flush", "heap"))).run();
    }

    private BrokerProcess start() throws IOException {
        BrokerProcess broker = BrokerProcess.start(distribution, data, port, Map.of());
        broker.awaitReady();
        return broker;
    }

    private void run() throws Exception {
        List<TopicPartition> others = new ArrayList<>();
        SteadyLoad.Latencies before;
        try (BrokerProcess broker = start()) {
            create(others);
            fill();
            before = load(others);
            checks.that(broker.stop() == 0, "clean stop");
        }
        Path segment = damage();
        SteadyLoad.Latencies after;
        try (BrokerProcess broker = start()) {
            int readable = readable();
            checks.that(
                    readable > 0 && readable < RECORDS,
                    "%s serves its %d records before the damage and then answers %s",
                    VICTIM,
                    readable,
                    errorAt(readable));
            checks.that(errorAt(readable) == Errors.KAFKA_STORAGE_ERROR, "the error is KAFKA_STORAGE_ERROR");
            Thread asker = new Thread(() -> askForDamage(readable), "asker");
            asker.start();
            after = load(others);
            stopped = true;
            asker.join();
            checks.that(refused > 0, "asked for the damaged record %d times meanwhile", refused);
            checks.that(broker.stop() == 0, "clean stop");
        }
        report(before, after);
        repair(segment);
        checks.exit();
    }

    private void create(List<TopicPartition> others) throws Exception {
        int partitions = arguments.number("partitions", 50);
        for (int i = 0; i < arguments.number("topics", 20); i++) {
            Topics.create(bootstrap, "t" + i, partitions, Map.of("segment.bytes", Integer.toString(MIB)));
            for (int partition = 0; partition < partitions; partition++) {
                others.add(new TopicPartition("t" + i, partition));
            }
        }
        others.remove(VICTIM);
        checks.note("%d partitions under load, one to be damaged", others.size());
    }

    private void fill() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "batch.size", 1),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(VICTIM.topic(), VICTIM.partition(), null, new byte[VALUE_BYTES]));
            }
        }
    }

    private SteadyLoad.Latencies load(List<TopicPartition> others) throws Exception {
        return new SteadyLoad(bootstrap, others, arguments.number("rate", 1000))
                .run(Duration.ofSeconds(arguments.number("seconds", 20)));
    }

    private Path damage() throws IOException {
        Path segment = data.resolve(VICTIM.toString()).resolve("00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(segment);
        bytes[DAMAGED_AT] ^= 1;
        Files.write(segment, bytes);
        checks.note("flipped a bit of %s at %d", segment, DAMAGED_AT);
        return segment;
    }

    /** Records from the first on that can be fetched one after the other. */
    private int readable() throws IOException {
        int offset = 0;
        while (offset < RECORDS && errorAt(offset) == Errors.NONE) {
            offset++;
        }
        return offset;
    }

    private Errors errorAt(long offset) throws IOException {
        try (Wire wire = new Wire(port, WIRE_TIMEOUT_MILLIS)) {
            return wire.fetchError(VICTIM, offset);
        }
    }

    private void askForDamage(long offset) {
        try (Wire wire = new Wire(port, WIRE_TIMEOUT_MILLIS)) {
            while (!stopped) {
                refused += wire.fetchError(VICTIM, offset) == Errors.KAFKA_STORAGE_ERROR ? 1 : 0;
                BrokerProcess.pause(ASK_AGAIN_MILLIS);
            }
        } catch (IOException e) {
            checks.that(false, "the connection that asked for the damage broke: %s", e);
        }
    }

    private void report(SteadyLoad.Latencies before, SteadyLoad.Latencies after) {
        checks.note(
                "before: %6d records, p50 %.1f ms, p99 %.1f ms",
                before.count(), before.millis(0.5), before.millis(0.99));
        checks.note(
                "after:  %6d records, p50 %.1f ms, p99 %.1f ms", after.count(), after.millis(0.5), after.millis(0.99));
        checks.that(
                after.millis(0.99) <= NOISE_FACTOR * before.millis(0.99) + NOISE_MILLIS,
                "the p99 of the others is what it was, within noise");
    }

    private void repair(Path segment) throws Exception {
        String damaged = "DAMAGED " + segment.toRealPath() + " at ";
        String found = aeon("verify", 1);
        checks.that(
                found.lines().anyMatch(line -> line.startsWith(damaged)),
                "aeon log verify: %s",
                found.lines().filter(line -> line.startsWith("DAMAGED")).toList());
        checks.note("aeon log repair:%n%s", aeon("repair", 0).indent(10).stripTrailing());
        aeon("verify", 0);
        try (BrokerProcess broker = start()) {
            int gap = 0;
            for (int offset = 0; offset < RECORDS; offset++) {
                gap += errorAt(offset) == Errors.NONE ? 0 : 1;
            }
            checks.that(gap == 0, "after the repair every offset can be fetched from (%d not)", gap);
            broker.stop();
        }
    }

    private String aeon(String command, int expected) throws Exception {
        Process process = new ProcessBuilder(Home.aeon().toString(), "log", command, data.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        checks.that(status == expected, "aeon log %s ends with %d", command, status);
        return output;
    }
}
