package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;

/**
 * Fills the broker's disk again and again under load, by its own records and by somebody else's file in turn. While it
 * is full the broker lives, starts after a kill too, readers are served, producers get a clear error; once a topic is
 * deleted or the file is gone they go on, and no acknowledged record is lost.
 *
 * <p>Options: {@code --cycles}, {@code --mib} (size of the disk), {@code --rate} (records per second), {@code --flush},
 * {@code --heap}, {@code --broker}.
 */
final class DiskFull {
    private static final String TOPIC = "load";
    private static final int PARTITIONS = 3;
    private static final int SOME_RECORDS = 80;
    private static final Duration AGAIN_LIMIT = Duration.ofSeconds(10);

    private final Checks checks = new Checks();
    private final Ledger ledger = new Ledger(PARTITIONS);
    private final List<Long> againMillis = new ArrayList<>();
    private final Arguments arguments;
    private final Path data;
    private final int port = BrokerProcess.freePort();
    private BrokerProcess broker;

    private DiskFull(Arguments arguments, Path directory) throws IOException {
        this.arguments = arguments;
        this.data = directory.resolve("data");
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("cycles", "mib", "rate", "flush", "heap", "broker"));
        Path directory = Home.newRunDirectory("disk-full");
        DiskFull rig = new DiskFull(arguments, directory);
        rig.run();
        if (rig.checks.failed() == 0) {
            Home.delete(directory);
        }
        rig.checks.exit();
    }

    private void run() throws Exception {
        checks.note("%s, data in %s", Distribution.of(arguments).name(), data);
        PrivateDisk disk = PrivateDisk.tmpfs(data, arguments.number("mib", 256));
        try (disk) {
            try {
                start();
                fillAgainAndAgain(broker.bootstrap());
                checks.that(broker.stop() == 0, "stops in order");
            } finally {
                broker.kill();
            }
        }
    }

    private void start() throws IOException {
        broker = BrokerProcess.start(Distribution.of(arguments), data, port, Map.of());
        broker.awaitReady();
    }

    private void fillAgainAndAgain(String bootstrap) throws Exception {
        Topics.create(bootstrap, TOPIC, PARTITIONS, Map.of());
        try (LoadProducer load = new LoadProducer(bootstrap, TOPIC, PARTITIONS, arguments.number("rate", 500), ledger);
                Admin admin = Topics.admin(bootstrap)) {
            for (int cycle = 0; cycle < arguments.number("cycles", 20) && checks.failed() == 0; cycle++) {
                awaitLoad();
                if (cycle % 2 == 0) {
                    byItsOwnRecords(bootstrap, admin, cycle);
                } else {
                    bySomebodyElse(bootstrap, admin, cycle);
                }
            }
            checks.that(load.failure() == null, "a producer with Kafka's defaults loses nothing: %s", load.failure());
        }
        readAll(bootstrap, "at the end");
        againMillis.sort(null);
        checks.note(
                "space to the next acknowledged record: median %d ms, longest %d ms",
                againMillis.get(againMillis.size() / 2), againMillis.get(againMillis.size() - 1));
    }

    private void byItsOwnRecords(String bootstrap, Admin admin, int cycle) throws Exception {
        String topic = "fill-" + cycle;
        Topics.create(bootstrap, topic, 1, Map.of());
        try (Filler filler = new Filler(bootstrap, topic)) {
            refused(filler, cycle);
        }
        readAll(bootstrap, "cycle " + cycle + ", full");
        admin.alterConsumerGroupOffsets("operator", Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(cycle)))
                .all()
                .get();
        Topics.create(bootstrap, "made-while-full-" + cycle, 1, Map.of());
        admin.deleteTopics(List.of(topic)).all().get();
        goesOn(cycle);
    }

    /** The broker notices only when a write fails, and then nothing can be written at all. */
    private void bySomebodyElse(String bootstrap, Admin admin, int cycle) throws Exception {
        String topic = "fill-" + cycle;
        Topics.create(bootstrap, topic, 1, Map.of());
        try (Filler filler = new Filler(bootstrap, topic)) {
            filler.send(SOME_RECORDS);
            Path file = data.resolve("somebody-elses-file");
            fillUp(file);
            refused(filler, cycle);
            broker.kill();
            start();
            readAll(bootstrap, "cycle " + cycle + ", full and killed");
            admin.deleteTopics(List.of(topic)).all().get();
            Files.delete(file);
        }
        goesOn(cycle);
    }

    private static void fillUp(Path file) throws IOException {
        byte[] zeros = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(zeros);
            }
        } catch (IOException full) {
            if (Files.size(file) == 0) {
                throw full;
            }
        }
    }

    private void refused(Filler filler, int cycle) {
        Exception refusal = filler.untilRefused();
        boolean clear = refusal instanceof KafkaStorageException;
        checks.that(clear && broker.isAlive(), "cycle %d: full; the producer is told %s", cycle, refusal);
    }

    private void readAll(String bootstrap, String when) {
        try (LogReader reader = new LogReader(bootstrap, TOPIC, ledger)) {
            long[] ends = ledger.ends();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                long lost = reader.lost(partition, 0, ends[partition]);
                if (lost > 0) {
                    checks.that(false, "%s: partition %d lacks %d acknowledged records", when, partition, lost);
                }
            }
        }
    }

    private void goesOn(int cycle) {
        long begun = System.nanoTime();
        boolean again = awaitLoad();
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        againMillis.add(millis);
        checks.that(
                again && broker.isAlive(), "cycle %d: space is back; the next record is in after %d ms", cycle, millis);
    }

    private boolean awaitLoad() {
        long before = ledger.acknowledged();
        long deadline = System.nanoTime() + AGAIN_LIMIT.toNanos();
        while (ledger.acknowledged() == before && System.nanoTime() < deadline) {
            BrokerProcess.pause(5);
        }
        return ledger.acknowledged() > before;
    }
}
