package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Minutes of {@link MixedClients}: the broker's memory must be flat once it is warm, and no pause of its JVM longer
 * than 50 ms, unless the machine itself stood still then.
 *
 * <p>Options: {@code --minutes}, {@code --broker}, {@code --flush}, {@code --heap}.
 */
final class MixedLoad {
    private static final int SAMPLE_MILLIS = 2000;

    /** The first part of the run, in which the broker may grow. */
    private static final int WARM_UP_PART = 3;

    private static final double MOST_GROWTH = 1.10;
    private static final double MOST_BUSY = 0.8;

    private final Checks checks = new Checks();
    private final List<Footprint> footprints = new ArrayList<>();
    private final Distribution distribution;
    private final Path directory;
    private final Path log;
    private final int minutes;

    /** Asked for halfway through the warm-up, so that by its end the heap is as full again as it would be otherwise. */
    private double liveEarlyMiB;

    private double liveLateMiB;

    private MixedLoad(Arguments arguments) throws IOException {
        directory = Home.newRunDirectory("mixed-load");
        log = directory.resolve("jvm.log");
        distribution = Distribution.of(arguments, JvmLog.options(log));
        minutes = arguments.number("minutes", 10);
        checks.note("%s, %d minutes, data in %s", distribution.name(), minutes, directory);
    }

    public static void main(String[] args) throws Exception {
        MixedLoad rig = new MixedLoad(new Arguments(args, Set.of("minutes", "broker", "flush", "heap")));
        rig.run();
        if (rig.checks.failed() == 0) {
            Home.delete(rig.directory);
        }
        rig.checks.exit();
    }

    private void run() throws Exception {
        Path data = directory.resolve("data");
        try (Standstills standstills = new Standstills();
                BrokerProcess broker = BrokerProcess.start(
                        distribution, data, BrokerProcess.freePort(), MixedClients.BROKER_SETTINGS)) {
            broker.awaitReady();
            try (MixedClients clients = new MixedClients(broker, directory)) {
                sample(broker, clients);
                clients.finish();
                clients.check(checks, distribution.logs(data));
            }
            checks.that(broker.isAlive(), "the broker lives");
            broker.stop();
            JvmLog logged = JvmLog.read(log).between(footprints.get(0).nanos(), last().nanos());
            printMinutes(logged);
            checkFlat();
            checkIdle();
            new Pauses(logged, standstills, last().nanos() - footprints.get(0).nanos()).check(checks);
        }
    }

    private Footprint last() {
        return footprints.get(footprints.size() - 1);
    }

    private void sample(BrokerProcess broker, MixedClients clients) throws IOException {
        long begun = System.nanoTime();
        int samples = (int) TimeUnit.MINUTES.toMillis(minutes) / SAMPLE_MILLIS + 1;
        for (int i = 0; i < samples; i++) {
            long due = begun + TimeUnit.MILLISECONDS.toNanos((long) i * SAMPLE_MILLIS);
            BrokerProcess.pause(Math.max(0, TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime())));
            footprints.add(Footprint.of(broker.stats(), clients));
            if (i == samples / WARM_UP_PART / 2) {
                liveEarlyMiB = broker.liveHeapMiB();
            }
        }
        liveLateMiB = broker.liveHeapMiB();
    }

    private void printMinutes(JvmLog logged) {
        int perMinute = (int) TimeUnit.MINUTES.toMillis(1) / SAMPLE_MILLIS;
        for (int minute = 0; minute < minutes; minute++) {
            List<Footprint> of = footprints.subList(minute * perMinute, (minute + 1) * perMinute + 1);
            Footprint first = of.get(0);
            Footprint end = of.get(of.size() - 1);
            double seconds = (end.nanos() - first.nanos()) / 1e9;
            checks.note(
                    "minute %2d: memory %3.0f MiB, heap after GC %3.0f MiB, %.0f files, %.0f mappings, %.0f threads;"
                            + " %.0f records/s acknowledged, %.0f delivered;"
                            + " cores in use by the broker %.2f, the clients %.2f, all %.2f",
                    minute + 1,
                    median(of, Footprint::memoryMiB),
                    heap(logged, of),
                    median(of, Footprint::files),
                    median(of, Footprint::mappings),
                    median(of, Footprint::threads),
                    (end.acknowledged() - first.acknowledged()) / seconds,
                    (end.delivered() - first.delivered()) / seconds,
                    (end.brokerCpuSeconds() - first.brokerCpuSeconds()) / seconds,
                    (end.clientsCpuSeconds() - first.clientsCpuSeconds()) / seconds,
                    (end.machineCpuSeconds() - first.machineCpuSeconds()) / seconds);
        }
    }

    private void checkFlat() {
        List<Footprint> warm = footprints.subList(footprints.size() / WARM_UP_PART, footprints.size());
        List<Footprint> second = warm.subList(warm.size() / 4, warm.size() / 2);
        List<Footprint> last = warm.subList(warm.size() / 4 * 3, warm.size());
        checkFlat("MiB of memory", median(second, Footprint::memoryMiB), median(last, Footprint::memoryMiB));
        checks.that(
                liveLateMiB <= liveEarlyMiB * MOST_GROWTH,
                "%.1f MiB are live on the heap, %.1f in the middle of the warm-up (at most a tenth more)",
                liveLateMiB,
                liveEarlyMiB);
        checkFlat("open files", median(second, Footprint::files), median(last, Footprint::files));
        checkFlat("mappings", median(second, Footprint::mappings), median(last, Footprint::mappings));
        checkFlat("threads", median(second, Footprint::threads), median(last, Footprint::threads));
    }

    private void checkFlat(String what, double second, double last) {
        checks.that(
                last <= second * MOST_GROWTH,
                "%.0f %s in the last quarter after the warm-up, %.0f in the second (medians; at most a tenth more)",
                last,
                what,
                second);
    }

    private void checkIdle() {
        double seconds = (last().nanos() - footprints.get(0).nanos()) / 1e9;
        double cores = (last().machineCpuSeconds() - footprints.get(0).machineCpuSeconds()) / seconds;
        int available = Runtime.getRuntime().availableProcessors();
        checks.that(
                cores <= available * MOST_BUSY,
                "%.2f of %d cores in use; when more than %.0f %% are, pauses say nothing of the broker",
                cores,
                available,
                MOST_BUSY * 100);
    }

    private static double heap(JvmLog logged, List<Footprint> during) {
        JvmLog then = logged.between(
                during.get(0).nanos(), during.get(during.size() - 1).nanos());
        return median(then.collections(), JvmLog.Collection::heapMiB);
    }

    private static <T> double median(List<T> all, ToDoubleFunction<T> value) {
        double[] sorted = all.stream().mapToDouble(value).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
