package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Home;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Notes when the machine itself did not get on: on each of its CPUs a small JVM that has nothing to do but to wake
 * every two milliseconds, and tells when it woke late. Times are those of {@link System#nanoTime()}. A thread that has
 * slept runs before those that were busy, so the work of others makes it late by a few milliseconds only.
 */
final class Standstills implements AutoCloseable {
    private static final long STEP_NANOS = 2_000_000;
    private static final long LEAST_NANOS = 10_000_000;

    private final List<Watch> watches = new ArrayList<>();

    /** From one waking to the next one, which came late. */
    record Standstill(long fromNanos, long toNanos) {
        double millis() {
            return (toNanos - fromNanos) / 1e6;
        }

        private long nanosBetween(long from, long to) {
            return Math.max(0, Math.min(to, toNanos) - Math.max(from, fromNanos));
        }
    }

    Standstills() throws IOException {
        for (int cpu = 0; cpu < Runtime.getRuntime().availableProcessors(); cpu++) {
            watches.add(new Watch(cpu));
        }
    }

    /** Ends with its input, which whoever started it holds open. */
    public static void main(String[] args) throws IOException {
        Thread pulse = new Thread(Standstills::tell, "pulse");
        pulse.setDaemon(true);
        pulse.start();
        System.in.readAllBytes();
    }

    private static void tell() {
        long last = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(STEP_NANOS);
            long now = System.nanoTime();
            if (now - last > LEAST_NANOS) {
                System.out.println(last + " " + now);
            }
            last = now;
        }
    }

    List<Standstill> found() {
        return watches.stream().flatMap(watch -> watch.found().stream()).toList();
    }

    /** For how long of this time a CPU stood still: the one that did for longest. */
    long nanosBetween(long fromNanos, long toNanos) {
        return watches.stream()
                .mapToLong(watch -> watch.found().stream()
                        .mapToLong(each -> each.nanosBetween(fromNanos, toNanos))
                        .sum())
                .max()
                .orElse(0);
    }

    /** Whether that was most of the time: three quarters of it at least. */
    boolean explain(long fromNanos, long toNanos) {
        return nanosBetween(fromNanos, toNanos) >= (toNanos - fromNanos) / 4 * 3;
    }

    @Override
    public void close() throws IOException {
        for (Watch watch : watches) {
            watch.process.getOutputStream().close();
        }
    }

    /** The JVM on one CPU, and what it told. */
    private static final class Watch {
        private final Process process;
        private final List<Standstill> found = new ArrayList<>();

        Watch(int cpu) throws IOException {
            List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(cpu)));
            List<String> options = List.of("-Xmx16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
            command.addAll(Home.program("programs", options, Standstills.class.getName(), List.of()));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            new Thread(this::listen, "standstills").start();
        }

        private void listen() {
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String[] fields = line.split(" ");
                    add(new Standstill(Long.parseLong(fields[0]), Long.parseLong(fields[1])));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private synchronized void add(Standstill one) {
            found.add(one);
        }

        synchronized List<Standstill> found() {
            return List.copyOf(found);
        }
    }
}
