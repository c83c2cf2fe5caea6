package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Aeon and Apache Kafka side by side with their default timeouts, the same groups on both at the same time: how long it
 * takes after a change of a group until every partition is with its new owner and delivers.
 *
 * <p>Options: {@code --rounds}, of which {@code --groups} run at once on each broker; {@code --members}; {@code
 * --quiet-ms} between two changes of a group, to which up to five seconds are added; {@code --most} of Kafka's time
 * that is accepted, in percent; {@code --seed}, {@code --flush}.
 */
final class RebalanceTimes {
    private static final String TOPIC = "flowing";
    private static final int PARTITIONS_OF_A_MEMBER = 2;
    private static final int RECORDS_PER_SECOND = 400;
    private static final int HEARTBEAT_MS = 5000;

    /** The changes, each of which begins with the group in which the one before ended. */
    private enum Change {
        JOIN_OF_MANY,
        LEAVE,
        JOIN_OF_ONE,
        CRASH
    }

    private final Arguments arguments;
    private final Random random;
    private final int members;
    private final int quietMs;
    /** One group at a time joins, because so many clients at work keep the machine busy. */
    private final ReentrantLock joining = new ReentrantLock(true);

    private RebalanceTimes(Arguments arguments) {
        this.arguments = arguments;
        random = new Random(arguments.number("seed", 1));
        members = arguments.number("members", 20);
        quietMs = arguments.number("quiet-ms", 31_000);
    }

    public static void main(String[] args) throws Exception {
        Checks checks = new Checks();
        new RebalanceTimes(
                        new Arguments(args, Set.of("rounds", "groups", "members", "quiet-ms", "most", "seed", "flush")))
                .run(checks);
        checks.exit();
    }

    private void run(Checks checks) throws Exception {
        Path directory = Home.newRunDirectory("rebalance-times");
        try (Side aeon = new Side(Distribution.of(arguments.with("broker", "aeon")), directory.resolve("aeon"));
                Side kafka = new Side(Distribution.of(arguments.with("broker", "kafka")), directory.resolve("kafka"))) {
            int rounds = arguments.number("rounds", 30);
            int atOnce = arguments.number("groups", 6);
            for (int first = 0; first < rounds; first += atOnce) {
                int count = Math.min(atOnce, rounds - first);
                List<Future<?>> running = new ArrayList<>();
                for (Side side : List.of(aeon, kafka)) {
                    for (int i = 0; i < count; i++) {
                        String group = "group-" + (first + i);
                        Random pauses = new Random(random.nextLong());
                        running.add(side.threads.submit(() -> round(side, group, pauses)));
                    }
                }
                for (Future<?> each : running) {
                    each.get();
                }
            }
            report(checks, aeon, kafka);
        }
        Home.delete(directory);
    }

    private Void round(Side side, String name, Random pauses) throws Exception {
        try (FlowingGroup group = new FlowingGroup(
                side.broker.bootstrap(), TOPIC, name, members * PARTITIONS_OF_A_MEMBER, side.directory)) {
            for (Change change : Change.values()) {
                BrokerProcess.pause(quietMs + pauses.nextInt(HEARTBEAT_MS));
                side.took(change, change(group, change));
            }
        }
        return null;
    }

    private Duration change(FlowingGroup group, Change change) throws InterruptedException {
        return switch (change) {
            case JOIN_OF_MANY -> joinOfMany(group);
            case LEAVE -> group.leave();
            case JOIN_OF_ONE -> group.join(1);
            case CRASH -> group.crash();
        };
    }

    private Duration joinOfMany(FlowingGroup group) throws InterruptedException {
        joining.lock();
        try {
            return group.join(members - 1);
        } finally {
            joining.unlock();
        }
    }

    private void report(Checks checks, Side aeon, Side kafka) {
        int most = arguments.number("most", 40);
        for (Change change : Change.values()) {
            List<Long> ours = aeon.sorted(change);
            List<Long> theirs = kafka.sorted(change);
            long median = ours.get(ours.size() / 2);
            long kafkas = theirs.get(theirs.size() / 2);
            checks.that(
                    100 * median <= most * kafkas,
                    "%-12s %d times: Aeon %d ms (%d to %d), Kafka %d ms (%d to %d): %.2f of its time",
                    change,
                    ours.size(),
                    median,
                    ours.get(0),
                    ours.get(ours.size() - 1),
                    kafkas,
                    theirs.get(0),
                    theirs.get(theirs.size() - 1),
                    median / (double) kafkas);
        }
    }

    /** One of the two brokers, under a steady load. */
    private final class Side implements AutoCloseable {
        private final Path directory;
        private final BrokerProcess broker;
        private final LoadProducer producer;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final Map<Change, List<Long>> millis = new EnumMap<>(Change.class);

        Side(Distribution distribution, Path data) throws Exception {
            directory = Files.createDirectory(data.resolveSibling(data.getFileName() + "-members"));
            broker = BrokerProcess.start(distribution, data, BrokerProcess.freePort(), Map.of());
            broker.awaitReady();
            int partitions = members * PARTITIONS_OF_A_MEMBER;
            Topics.create(broker.bootstrap(), TOPIC, partitions, Map.of());
            producer =
                    new LoadProducer(broker.bootstrap(), TOPIC, partitions, RECORDS_PER_SECOND, new Ledger(partitions));
        }

        synchronized void took(Change change, Duration time) {
            millis.computeIfAbsent(change, absent -> new ArrayList<>()).add(time.toMillis());
        }

        synchronized List<Long> sorted(Change change) {
            return millis.get(change).stream().sorted().toList();
        }

        @Override
        public void close() {
            threads.shutdownNow();
            producer.close();
            broker.close();
        }
    }
}
