package io.aeon.benchmarks.broker;

import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A broker in a process of its own; it ends with this JVM at the latest. */
public final class BrokerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);
    private static final int PROBE_TIMEOUT_MILLIS = 30_000;

    private final Process process;
    private final String host;
    private final int port;
    private final Path output;
    private final long startedNanos;
    private final Thread killer;

    private BrokerProcess(Process process, String host, int port, Path output, long startedNanos) {
        this.process = process;
        this.host = host;
        this.port = port;
        this.output = output;
        this.startedNanos = startedNanos;
        killer = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Starts it; what it prints is added to {@code <data>.out}. */
    public static BrokerProcess start(Distribution distribution, Path data, int port, Map<String, String> settings)
            throws IOException {
        ProcessBuilder command = distribution.command(data, port, settings);
        Path output = data.resolveSibling(data.getFileName() + ".out");
        command.redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        long now = System.nanoTime();
        return new BrokerProcess(command.start(), distribution.host(), port, output, now);
    }

    /** Waits until Metadata is answered with a broker in it: the time since the process was started. */
    public Duration awaitReady() throws IOException {
        return await(Wire::knowsBrokers, "no answer");
    }

    /** Waits until that many partitions of the topic have a leader: the time since the process was started. */
    public Duration awaitLeaders(String topic, int partitions) throws IOException {
        return await(wire -> wire.leads(topic, partitions), "not all partitions of " + topic + " are led");
    }

    private interface Probe {
        boolean passes(Wire wire) throws IOException;
    }

    private Duration await(Probe probe, String otherwise) throws IOException {
        long begunNanos = System.nanoTime();
        while (System.nanoTime() - begunNanos < START_LIMIT.toNanos()) {
            if (!process.isAlive()) {
                throw new IOException("the broker ended with " + process.exitValue() + ":\n" + tail());
            }
            try (Wire wire = new Wire(host, port, PROBE_TIMEOUT_MILLIS)) {
                while (System.nanoTime() - begunNanos < START_LIMIT.toNanos()) {
                    if (probe.passes(wire)) {
                        return Duration.ofNanos(System.nanoTime() - startedNanos);
                    }
                    pause(5);
                }
            } catch (IOException notYet) {
                pause(2);
            }
        }
        throw new IOException(otherwise + " within " + START_LIMIT + ":\n" + tail());
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(output);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    public int port() {
        return port;
    }

    public String bootstrap() {
        return host + ":" + port;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public ProcessStats stats() {
        return new ProcessStats(process.pid());
    }

    /** What is live on its heap, after a full collection that this causes. */
    public double liveHeapMiB() throws IOException {
        Path jcmd = Path.of(Jdk.OF_BROKERS.home(), "bin", "jcmd");
        String histogram = Program.run(List.of(jcmd.toString(), Long.toString(pid()), "GC.class_histogram"));
        String total = histogram
                .lines()
                .filter(line -> line.startsWith("Total "))
                .findFirst()
                .orElseThrow(() -> new IOException("no histogram: " + histogram));
        return Long.parseLong(total.trim().split("\\s+")[2]) / (double) (1 << 20);
    }

    /** SIGKILL; returns when it is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
        forget();
    }

    /** SIGTERM: its exit status. One that does not stop in time is killed and an error. */
    public int stop() throws IOException {
        process.destroy();
        boolean ended = process.onExit()
                .orTimeout(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)
                .handle((stopped, late) -> late == null)
                .join();
        kill();
        if (!ended) {
            throw new IOException("the broker did not stop within " + STOP_LIMIT + ":\n" + tail());
        }
        return process.exitValue();
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException thisJvmIsEnding) {
            return;
        }
    }

    @Override
    public void close() {
        kill();
    }

    /**
     * A port that is free now, below those that the system gives to connecting clients: while a broker is down, one of
     * its own clients could otherwise take its port.
     */
    public static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                continue;
            }
        }
    }

    /** Waits; an interrupt ends this program. */
    public static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
