package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Program;
import io.aeon.benchmarks.broker.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Garbage on the port beside a good client: the client must not notice, and in the end the broker's heap and
 * descriptors are where they were.
 *
 * <p>Options: {@code --seconds}, {@code --seed}, {@code --broker}, {@code --flush}, {@code --heap}.
 */
final class Garbage {
    private static final String TOPIC = "good";
    private static final int WARM_UP_SECONDS = 5;
    private static final int SETTLE_SECONDS = 30;
    private static final double HEAP_SLACK_MIB = 24;
    private static final int FILE_SLACK = 10;
    private static final Pattern USED = Pattern.compile("(?m)^(?!\\s*(?:Metaspace|class space)).*\\bused (\\d+)K");

    private final Checks checks = new Checks();
    private final BrokerProcess broker;
    private volatile boolean stopped;

    private Garbage(BrokerProcess broker) {
        this.broker = broker;
    }

    public static void main(String[] args) throws Exception {
        Arguments arguments = new Arguments(args, Set.of("seconds", "seed", "broker", "flush", "heap"));
        Path directory = Home.newRunDirectory("garbage");
        try (BrokerProcess broker = BrokerProcess.start(
                Distribution.of(arguments), directory.resolve("data"), BrokerProcess.freePort(), Map.of())) {
            broker.awaitReady();
            Garbage rig = new Garbage(broker);
            rig.run(arguments.number("seconds", 60), arguments.number("seed", new Random().nextInt(1 << 30)));
            broker.stop();
            if (rig.checks.failed() == 0) {
                Home.delete(directory);
            }
            rig.checks.exit();
        }
    }

    private void run(int seconds, int seed) throws Exception {
        checks.note("seed %d", seed);
        Topics.create(broker.bootstrap(), TOPIC, 1, Map.of());
        try (GoodClient good = new GoodClient(broker.bootstrap(), TOPIC)) {
            BrokerProcess.pause(WARM_UP_SECONDS * 1000L);
            double heap = heapMiB();
            int files = broker.stats().openFiles();
            attack(seconds, seed);
            good.finish();
            checks.that(broker.isAlive(), "the broker lives");
            checks.that(good.failure() == null, "no error in the good client (%s)", good.failure());
            checks.that(
                    good.connectionsClosed() == 0, "the good producer lost %.0f connections", good.connectionsClosed());
            checks.that(
                    good.received() == good.sent(), "%d of %d good records came through", good.received(), good.sent());
            checks.note("slowest acknowledgement %d ms", good.slowestMillis());
            checkBack(heap, files);
        }
    }

    private void attack(int seconds, int seed) throws InterruptedException {
        Attacks attacks = new Attacks(broker.port(), seed);
        List<Thread> threads = new ArrayList<>();
        for (Attacks.Attack attack : attacks.all()) {
            Thread thread = new Thread(() -> repeat(attack), "attack");
            threads.add(thread);
            thread.start();
        }
        BrokerProcess.pause(seconds * 1000L);
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
        checks.note("%d attacks", attacks.done());
        checks.that(attacks.leftOpen() == 0, "%d connections with a negative size were left open", attacks.leftOpen());
    }

    /** A refused connection is no failure of the rig; the good client shows whether it is one of the broker. */
    private void repeat(Attacks.Attack attack) {
        while (!stopped) {
            try {
                attack.run();
            } catch (IOException refused) {
                BrokerProcess.pause(10);
            } catch (RuntimeException e) {
                checks.that(false, "the rig itself: %s", e);
                return;
            }
        }
    }

    private void checkBack(double heapBefore, int filesBefore) throws IOException {
        double heap = heapMiB();
        int files = broker.stats().openFiles();
        for (int i = 0; i < SETTLE_SECONDS && !isBack(heap, heapBefore, files, filesBefore); i++) {
            BrokerProcess.pause(1000);
            heap = heapMiB();
            files = broker.stats().openFiles();
        }
        checks.that(heap <= heapBefore + HEAP_SLACK_MIB, "heap in use %.1f MiB, %.1f before", heap, heapBefore);
        checks.that(files <= filesBefore + FILE_SLACK, "%d open files, %d before", files, filesBefore);
    }

    private static boolean isBack(double heap, double heapBefore, int files, int filesBefore) {
        return heap <= heapBefore + HEAP_SLACK_MIB && files <= filesBefore + FILE_SLACK;
    }

    /** What is in use after a full collection. */
    private double heapMiB() throws IOException {
        jcmd("GC.run");
        return USED.matcher(jcmd("GC.heap_info"))
                        .results()
                        .mapToLong(match -> Long.parseLong(match.group(1)))
                        .sum()
                / 1024.0;
    }

    private String jcmd(String command) throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        return Program.run(List.of(jcmd.toString(), Long.toString(broker.pid()), command));
    }
}
