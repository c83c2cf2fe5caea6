package io.aeon.benchmarks.hostile;

import io.aeon.benchmarks.acceptance.Checks;
import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One row against one fresh broker: quiet, attacked and afterwards, then a restart on what the attack left on the disk.
 */
final class Trial {
    private static final TopicPartition WRITTEN = new TopicPartition(Target.WRITTEN_TOPIC, 0);
    private static final TopicPartition READ = new TopicPartition("read", 0);
    private static final int RECORDS_READ = 16;
    private static final int RECORD_BYTES = 1 << 10;
    private static final int EARLIER_CONNECTIONS = 10_000;
    private static final int WARM_UP_SECONDS = 8;
    private static final int QUIET_SECONDS = 10;
    private static final int AFTER_SECONDS = 5;
    private static final int SETTLE_SECONDS = 60;
    private static final double HEAP_SLACK_MIB = 24;
    private static final int FILE_SLACK = 10;
    private static final int LINES_SHOWN = 3;
    private static final long LARGEST_LOG = 1 << 20;

    /** Kafka's controller logs an event that took long as an error; on a busy machine many do. */
    private static final Pattern FAULT = Pattern.compile(" ERROR (?!EventPerformanceMonitor)|OutOfMemoryError");

    private static final Pattern LINE = Pattern.compile("^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:|Aeon \\S+ ready on )");

    private final Checks checks = new Checks();
    private final Distribution distribution;
    private final Map<String, String> settings;
    private final Map<String, String> topic;
    private final Attacking attack;
    private final Slack slack;

    Trial(Row row, Arguments arguments) {
        this(
                arguments,
                row.settings(),
                row.topic(),
                row::command,
                new Slack(
                        HEAP_SLACK_MIB + row.kept().heapMiB(),
                        FILE_SLACK + row.kept().files()));
    }

    /**
     * @param settings broker settings under Kafka's names
     * @param topic settings of the attacked topic
     * @param slack how much more the broker may hold afterwards
     */
    Trial(Arguments arguments, Map<String, String> settings, Map<String, String> topic, Attacking attack, Slack slack) {
        distribution = Distribution.of(arguments);
        this.settings = settings;
        this.topic = topic;
        this.attack = attack;
        this.slack = slack;
    }

    /** Live heap and descriptors. */
    record Slack(double heapMiB, int files) {}

    /** The program that attacks. */
    interface Attacking {
        /** A command for the broker at this port. It prints {@link Attacker#BEGINS} first. */
        List<String> command(int port);
    }

    /** Runs it, and says a line for each check; whether all hold. */
    boolean holds(int attackSeconds) throws Exception {
        Path directory = Home.newRunDirectory("hostile");
        Path data = directory.resolve("data");
        int port = BrokerProcess.freePort();
        try (BrokerProcess broker = BrokerProcess.start(distribution, data, port, settings)) {
            broker.awaitReady();
            prepare(broker);
            attack(broker, attackSeconds);
            if (broker.isAlive()) {
                checks.that(broker.stop() == 0, "the broker stops cleanly");
            }
        }
        try (BrokerProcess again = BrokerProcess.start(distribution, data, port, settings)) {
            checks.note("ready again in %d ms", again.awaitReady().toMillis());
            checks.that(again.stop() == 0, "the broker starts again on the same directory, and stops");
        } catch (IOException e) {
            checks.that(false, "the broker starts again: %s", e.getMessage());
        }
        checkLog(directory.resolve("data.out"));
        if (checks.failed() == 0) {
            Home.delete(directory);
        } else {
            checks.note("see %s", directory);
        }
        return checks.failed() == 0;
    }

    private void prepare(BrokerProcess broker) throws Exception {
        Topics.create(broker.bootstrap(), Target.TOPIC, 1, topic);
        Topics.create(broker.bootstrap(), WRITTEN.topic(), 1, Map.of());
        Topics.create(broker.bootstrap(), READ.topic(), 1, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS_READ; i++) {
                producer.send(new ProducerRecord<>(READ.topic(), READ.partition(), null, new byte[RECORD_BYTES]));
            }
        }
    }

    private void attack(BrokerProcess broker, int seconds) throws Exception {
        haveConnections(broker.port());
        Bystander bystander = new Bystander(Calls.all(broker.port(), WRITTEN, READ));
        BrokerProcess.pause(WARM_UP_SECONDS * 1000L);
        double heap = broker.liveHeapMiB();
        int files = broker.stats().openFiles();
        bystander.begin(Phase.QUIET);
        OtherLoad begun = OtherLoad.now(broker);
        BrokerProcess.pause(QUIET_SECONDS * 1000L);
        OtherLoad quiet = OtherLoad.now(broker);
        attackBeside(bystander, broker, seconds);
        try {
            checks.note(
                    "other programs used %.1f processors in the quiet phase and %.1f during the attack",
                    quiet.processorsSince(begun), OtherLoad.now(broker).processorsSince(quiet));
            BrokerProcess.pause(AFTER_SECONDS * 1000L);
            checkBack(broker, heap, files);
        } catch (IOException e) {
            checks.that(false, "what the broker holds can be read: %s", e.getMessage());
        }
        checks.that(broker.isAlive(), "the broker lives");
        bystander.finish();
        report(bystander);
    }

    /** A broker in service has had connections before; without that each takes it four times as long. */
    private static void haveConnections(int port) throws IOException {
        for (int i = 0; i < EARLIER_CONNECTIONS; i++) {
            Calls.connect(port);
        }
    }

    private void attackBeside(Bystander bystander, BrokerProcess broker, int seconds) throws IOException {
        try (AttackerProcess attacker = new AttackerProcess(attack.command(broker.port()))) {
            bystander.begin(Phase.ATTACK);
            checks.that(attacker.goesOn(broker, seconds), "the attack went on to its end");
        }
        bystander.begin(Phase.AFTER);
    }

    private void checkBack(BrokerProcess broker, double heapBefore, int filesBefore) throws IOException {
        double heap = broker.liveHeapMiB();
        int files = broker.stats().openFiles();
        int seconds = 0;
        while (seconds < SETTLE_SECONDS
                && (heap > heapBefore + slack.heapMiB() || files > filesBefore + slack.files())) {
            BrokerProcess.pause(1000);
            seconds++;
            heap = broker.liveHeapMiB();
            files = broker.stats().openFiles();
        }
        int after = AFTER_SECONDS + seconds;
        checks.that(
                heap <= heapBefore + slack.heapMiB(),
                "live heap %.1f MiB, %.1f before, %d s after",
                heap,
                heapBefore,
                after);
        checks.that(files <= filesBefore + slack.files(), "%d open files, %d before", files, filesBefore);
    }

    private void report(Bystander bystander) {
        bystander.waited().forEach((name, waited) -> {
            Waited.Summary quiet = waited.summary(Phase.QUIET);
            Waited.Summary attacked = waited.summary(Phase.ATTACK);
            checks.that(
                    attacked.near(quiet),
                    "%s: %s; quiet %s; afterwards %s",
                    name,
                    attacked,
                    quiet,
                    waited.summary(Phase.AFTER));
        });
        checks.that(
                bystander.errorCount() == 0,
                "%d errors in the good client %s",
                bystander.errorCount(),
                bystander.errors());
    }

    /** No client can do what is an error of the broker, nor write lines of its own. */
    private void checkLog(Path output) throws IOException {
        List<String> lines = Files.readAllLines(output);
        List<String> faults =
                lines.stream().filter(line -> FAULT.matcher(line).find()).toList();
        List<String> foreign =
                lines.stream().filter(line -> !LINE.matcher(line).find()).toList();
        checks.that(faults.isEmpty(), "%d errors in the broker's log%s", faults.size(), first(faults));
        checks.that(
                foreign.isEmpty(), "%d lines that do not begin as lines of the log%s", foreign.size(), first(foreign));
        checks.that(Files.size(output) < LARGEST_LOG, "the log has %d KiB", Files.size(output) >> 10);
    }

    private static String first(List<String> lines) {
        return lines.stream()
                .limit(LINES_SHOWN)
                .map(line -> "\n          " + line)
                .collect(Collectors.joining());
    }
}
