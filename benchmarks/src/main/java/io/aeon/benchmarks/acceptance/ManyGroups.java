package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Cost;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import io.aeon.benchmarks.broker.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.protocol.Errors;

/**
 * Many groups, half of them of each protocol, whose members commit offsets at a fixed rate and send heartbeats: the
 * broker's memory and CPU, and how long a commit takes from the time at which it was due. Every member has a
 * connection.
 *
 * <p>Options: {@code --groups}, {@code --members} of each group, {@code --rate} of offset commits a second, {@code
 * --seconds}, {@code --threads} of this program, {@code --broker}, {@code --flush}, {@code --heap}.
 */
final class ManyGroups {
    private static final String TOPIC = "consumed";
    private static final int GROUPS_AT_ONCE = 200;
    private static final int ROUNDS = 200;
    private static final int TIMEOUT_MILLIS = 60_000;
    private static final long HEARTBEAT_NANOS = 5_000_000_000L;
    private static final double SHARE_OF_RATE = 0.99;

    private final Checks checks = new Checks();
    private final int groups;
    private final int members;
    private final int rate;
    private final int seconds;
    private final int threads;
    private final Distribution distribution;
    private final Path data;
    private final int port = BrokerProcess.freePort();
    private final List<RawGroupMember> all = new ArrayList<>();
    private BrokerProcess broker;

    private ManyGroups(Arguments arguments, Path directory) throws IOException {
        groups = arguments.number("groups", 2000);
        members = arguments.number("members", 5);
        rate = arguments.number("rate", 20_000);
        seconds = arguments.number("seconds", 60);
        threads = arguments.number("threads", 8);
        distribution = Distribution.of(arguments);
        data = directory.resolve("data");
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(
                args, Set.of("groups", "members", "rate", "seconds", "threads", "broker", "flush", "heap"));
        Path directory = Home.newRunDirectory("many-groups");
        ManyGroups rig = new ManyGroups(arguments, directory);
        try {
            rig.run();
        } finally {
            rig.broker.close();
        }
        Home.delete(directory);
        rig.checks.exit();
    }

    private void run() throws Exception {
        broker = BrokerProcess.start(distribution, data, port, Map.of());
        broker.awaitReady();
        try (Admin admin = Topics.admin(broker.bootstrap())) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(members), Optional.of((short) 1))))
                    .all()
                    .get();
        }
        try (Wire wire = new Wire(port, TIMEOUT_MILLIS)) {
            while (OffsetRequests.find(wire, "group-0") != Errors.NONE) {
                BrokerProcess.pause(5);
            }
        }
        double idle = broker.stats().anonymousMiB();
        long begun = System.nanoTime();
        for (int first = 0; first < groups; first += GROUPS_AT_ONCE) {
            for (RawGroupMember joined : all) {
                joined.heartbeat();
            }
            join(first, Math.min(groups, first + GROUPS_AT_ONCE));
        }
        checks.note(
                "%d groups of %d members, half of each protocol, joined in %.1f s; memory %.0f MiB before, %.0f MiB after",
                groups,
                members,
                (System.nanoTime() - begun) / 1e9,
                idle,
                broker.stats().anonymousMiB());
        report(Cost.of(broker, this::load));
        broker.stop();
    }

    /** Groups with an even number use the consumer protocol. */
    private void join(int first, int end) throws IOException {
        List<RawGroupMember> consumers = new ArrayList<>();
        List<RawGroupMember> classic = new ArrayList<>();
        for (int group = first; group < end; group++) {
            boolean consumer = group % 2 == 0;
            for (int member = 0; member < members; member++) {
                (consumer ? consumers : classic).add(new RawGroupMember(port, "group-" + group, TOPIC, consumer));
            }
        }
        reconcile(consumers);
        for (RawGroupMember member : classic) {
            member.sendJoin();
        }
        for (RawGroupMember member : classic) {
            member.awaitJoin();
        }
        for (RawGroupMember member : classic) {
            member.sendSync();
        }
        for (RawGroupMember member : classic) {
            member.awaitSync();
        }
        for (List<RawGroupMember> joined : List.of(consumers, classic)) {
            for (int i = 0; i < joined.size(); i++) {
                joined.get(i).settle(i % members);
            }
            all.addAll(joined);
        }
    }

    private static void reconcile(List<RawGroupMember> consumers) throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            boolean stable = true;
            for (RawGroupMember member : consumers) {
                stable &= member.reconcile() == 1;
            }
            if (stable) {
                return;
            }
            BrokerProcess.pause(10);
        }
        throw new IOException("not all members have a partition after " + ROUNDS + " heartbeats each");
    }

    /** The nanoseconds of every commit. */
    private long[] load() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            long begin = System.nanoTime();
            List<Future<long[]>> parts = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                List<RawGroupMember> own = new ArrayList<>();
                for (int i = thread; i < all.size(); i += threads) {
                    own.add(all.get(i));
                }
                long offset = 1_000_000_000L * thread / rate;
                parts.add(pool.submit(() -> commits(own, begin + offset)));
            }
            LongStream nanos = LongStream.empty();
            for (Future<long[]> part : parts) {
                nanos = LongStream.concat(nanos, Arrays.stream(part.get()));
            }
            return nanos.sorted().toArray();
        } finally {
            pool.shutdownNow();
        }
    }

    /**
     * Commits at this thread's part of the rate, each member in turn, and sends the heartbeats that are due. All
     * commits that are due are sent before the first answer is read, so that few threads suffice.
     */
    private long[] commits(List<RawGroupMember> own, long begin) throws IOException {
        long interval = 1_000_000_000L * threads / rate;
        int all = (int) (seconds * 1_000_000_000L / interval);
        long end = begin + seconds * 1_000_000_000L;
        long[] nanos = new long[all];
        int count = 0;
        int beats = 0;
        while (count < all && System.nanoTime() < end) {
            int due = (int) Math.min(all, 1 + (System.nanoTime() - begin) / interval);
            int last = Math.min(due, count + own.size());
            if (last == count) {
                BrokerProcess.pause(1);
            }
            for (int i = count; i < last; i++) {
                own.get(i % own.size()).sendCommit();
            }
            for (; count < last; count++) {
                own.get(count % own.size()).awaitCommit();
                nanos[count] = System.nanoTime() - begin - count * interval;
            }
            long dueBeats = (System.nanoTime() - begin) * own.size() / HEARTBEAT_NANOS;
            for (; beats < dueBeats; beats++) {
                own.get(beats % own.size()).heartbeat();
            }
        }
        return Arrays.copyOf(nanos, count);
    }

    private void report(Cost.Measured<long[]> load) throws IOException {
        long[] nanos = load.value();
        double wall = load.cost().wallSeconds();
        checks.that(
                nanos.length >= SHARE_OF_RATE * rate * seconds,
                "%d offset commits in %.1f s: %.0f a second (asked for %d)",
                nanos.length,
                wall,
                nanos.length / wall,
                rate);
        checks.note(
                "a commit took %.2f ms (p50), %.2f ms (p99), %.2f ms (p99.9), %.2f ms at most",
                millis(nanos, 0.5), millis(nanos, 0.99), millis(nanos, 0.999), millis(nanos, 1));
        checks.note(
                "the broker used %.2f of a core, %.1f us a commit; memory %.0f MiB; others used %.2f of a core",
                load.cost().brokerSeconds() / wall,
                load.cost().brokerSeconds() * 1e6 / nanos.length,
                broker.stats().anonymousMiB(),
                load.cost().otherSeconds() / wall);
    }

    private static double millis(long[] sorted, double part) {
        return sorted[(int) Math.min(sorted.length - 1, (long) (sorted.length * part))] / 1e6;
    }
}
