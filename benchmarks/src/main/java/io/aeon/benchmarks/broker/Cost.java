package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * What something took of the machine while it ran.
 *
 * @param wallSeconds how long it ran
 * @param brokerSeconds CPU of the broker, or of all brokers
 * @param otherSeconds CPU that neither the brokers nor this program and its children used: the noise
 */
public record Cost(double wallSeconds, double brokerSeconds, double otherSeconds) {
    private static final double NOISE_LIMIT = 0.2;
    private static final double QUIET_SHARE = 0.1;
    private static final int QUIET_TRIES = 10;

    public record Measured<T>(T value, Cost cost) {}

    /** Runs it after a wait for a quiet machine. The broker must live through it. */
    public static <T> Measured<T> of(BrokerProcess broker, Callable<T> work) throws Exception {
        return of(broker.stats(), work);
    }

    public static <T> Measured<T> of(ProcessStats broker, Callable<T> work) throws Exception {
        return of(List.of(broker), work);
    }

    /** The same for several brokers together. */
    public static <T> Measured<T> of(List<ProcessStats> brokers, Callable<T> work) throws Exception {
        awaitQuiet();
        double brokers0 = cpuSeconds(brokers);
        double ours0 = oursSeconds();
        double machine0 = ProcessStats.machineCpuSeconds();
        long begun = System.nanoTime();
        T value = work.call();
        double wall = (System.nanoTime() - begun) / 1e9;
        double machine = ProcessStats.machineCpuSeconds() - machine0;
        double ours = oursSeconds() - ours0;
        double used = cpuSeconds(brokers) - brokers0;
        return new Measured<>(value, new Cost(wall, used, Math.max(0, machine - ours - used)));
    }

    /** What both took, one after the other. */
    public Cost plus(Cost other) {
        return new Cost(
                wallSeconds + other.wallSeconds,
                brokerSeconds + other.brokerSeconds,
                otherSeconds + other.otherSeconds);
    }

    /** Others used more than a fifth of a core: the figure is not to be trusted. */
    public boolean noisy() {
        return otherSeconds > NOISE_LIMIT * wallSeconds;
    }

    /** Waits, for ten seconds at most, until the machine is nearly idle. */
    public static void awaitQuiet() throws IOException {
        int cores = Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < QUIET_TRIES; i++) {
            double before = ProcessStats.machineCpuSeconds();
            BrokerProcess.pause(1000);
            if (ProcessStats.machineCpuSeconds() - before < QUIET_SHARE * cores) {
                return;
            }
        }
    }

    private static double cpuSeconds(List<ProcessStats> brokers) throws IOException {
        double seconds = 0;
        for (ProcessStats broker : brokers) {
            seconds += broker.cpuSeconds();
        }
        return seconds;
    }

    private static double oursSeconds() throws IOException {
        return ProcessStats.endedChildrenCpuSeconds() + ProcessStats.ownCpuSeconds();
    }
}
