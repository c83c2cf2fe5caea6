package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.ProcessStats;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * A topic far larger than the heap is written and read at once; then retention drops its segments under a slow
 * consumer while more is written. The broker must live, and hold no mapping or descriptor of what is gone.
 *
 * <p>Options: {@code --gib}, {@code --heap}, {@code --flush}, {@code --broker}.
 */
final class BigTopic {
    private static final String TOPIC = "big";
    private static final int PARTITIONS = 4;
    private static final long GIB = 1L << 30;
    private static final int WAIT_SECONDS = 120;
    private static final int SLACK = 20;
    private static final Map<String, String> SETTINGS = Map.of("log.retention.check.interval.ms", "1000");

    /** Of each partition, retention leaves a tenth of what is written, in about four segments. */
    private static final int RETAINED_PART = 10;

    private static final int SEGMENTS_RETAINED = 4;
    private static final int SLOW_PAUSE_MILLIS = 10;

    private final Checks checks = new Checks();
    private final long records;
    private final long retainedBytes;
    private final BrokerProcess broker;
    private final ProcessStats stats;
    private final ExecutorService background = Executors.newSingleThreadExecutor(BigTopic::daemon);

    private BigTopic(long records, BrokerProcess broker) {
        this.records = records;
        retainedBytes = records * BigTopicLoad.RECORD_BYTES / PARTITIONS / RETAINED_PART;
        this.broker = broker;
        stats = broker.stats();
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("gib", "heap", "flush", "broker"));
        Path directory = Home.newRunDirectory("big-topic");
        long records = arguments.number("gib", 10) * GIB / BigTopicLoad.RECORD_BYTES;
        try (BrokerProcess broker = BrokerProcess.start(
                Distribution.of(arguments), directory.resolve("data"), BrokerProcess.freePort(), SETTINGS)) {
            broker.awaitReady();
            BigTopic rig = new BigTopic(records, broker);
            rig.run();
            broker.stop();
            if (rig.checks.failed() == 0) {
                Home.delete(directory);
            }
            rig.checks.exit();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "reader");
        thread.setDaemon(true);
        return thread;
    }

    private void run() throws Exception {
        writeAndRead("warm-up", records / 64);
        deleteTopic("warm-up");
        awaitNothingHeld("after the warm-up");
        int mappings = stats.mappings();
        int files = stats.openFiles();
        writeAndRead(TOPIC, records);
        retentionUnderSlowReader();
        awaitNothingHeld("after retention");
        checks.note(
                "memory %.0f MiB, %d mappings, %d open files",
                stats.anonymousMiB(), stats.mappings(), stats.openFiles());
        deleteTopic(TOPIC);
        awaitNothingHeld("after the topic is deleted");
        awaitAtMost("mappings", mappings + SLACK, stats::mappings);
        awaitAtMost("open files", files + SLACK, stats::openFiles);
        checks.that(broker.isAlive(), "the broker lives");
    }

    private void writeAndRead(String topic, long count) throws Exception {
        Map<String, String> configs = Map.of(
                "segment.bytes", Long.toString(retainedBytes / SEGMENTS_RETAINED), "file.delete.delay.ms", "1000");
        Topics.create(broker.bootstrap(), topic, PARTITIONS, configs);
        BigTopicLoad load = new BigTopicLoad(broker.bootstrap(), topic, PARTITIONS);
        long begun = System.nanoTime();
        Future<BigTopicLoad.Read> reader = background.submit(() -> load.read(count, 0));
        load.write(0, count);
        double written = (System.nanoTime() - begun) / 1e9;
        BigTopicLoad.Read read = reader.get();
        double done = (System.nanoTime() - begun) / 1e9;
        checks.that(
                read.records() == count,
                "%s: %.2f GiB written in %.0f s and read whole in %.0f s",
                topic,
                count * BigTopicLoad.RECORD_BYTES / (double) GIB,
                written,
                done);
    }

    /** The slow one starts at the beginning, so what it reads is always the next to go. */
    private void retentionUnderSlowReader() throws Exception {
        BigTopicLoad load = new BigTopicLoad(broker.bootstrap(), TOPIC, PARTITIONS);
        long more = records / 4;
        Future<BigTopicLoad.Read> reader = background.submit(() -> load.read(records + more, SLOW_PAUSE_MILLIS));
        BrokerProcess.pause(1000);
        try (Admin admin = Topics.admin(broker.bootstrap())) {
            AlterConfigOp retain = new AlterConfigOp(
                    new ConfigEntry("retention.bytes", Long.toString(retainedBytes)), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, TOPIC), List.of(retain)))
                    .all()
                    .get();
        }
        load.write(records, more);
        BigTopicLoad.Read read = reader.get();
        checks.that(
                read.jumps() > 0,
                "a slow reader came to the end with %d of %d records; retention overtook it %d times",
                read.records(),
                records + more,
                read.jumps());
    }

    private void deleteTopic(String topic) throws Exception {
        try (Admin admin = Topics.admin(broker.bootstrap())) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    private void awaitNothingHeld(String when) throws IOException {
        List<String> held = stats.deletedButHeld();
        for (int i = 0; i < WAIT_SECONDS && !held.isEmpty(); i++) {
            BrokerProcess.pause(1000);
            held = stats.deletedButHeld();
        }
        checks.that(held.isEmpty(), "no deleted file is mapped or open %s %s", when, held);
    }

    private interface Count {
        int now() throws IOException;
    }

    private void awaitAtMost(String what, int limit, Count count) throws IOException {
        for (int i = 0; i < WAIT_SECONDS && count.now() > limit; i++) {
            BrokerProcess.pause(1000);
        }
        checks.that(count.now() <= limit, "%s: %d of %d at most", what, count.now(), limit);
    }
}
