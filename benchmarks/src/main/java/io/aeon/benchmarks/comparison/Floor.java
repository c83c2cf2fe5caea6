package io.aeon.benchmarks.comparison;

import io.aeon.benchmarks.broker.Cost;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.ProcessStats;
import io.aeon.benchmarks.broker.RawProducer;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The raw rows against the {@link FloorServer}: what this machine asks for them at least. */
final class Floor {
    private static final int REQUEST_BYTES = RawProducer.RECORDS * RawProducer.RECORD_BYTES;
    private static final int FETCH_BYTES = 1 << 20;
    private static final int IN_FLIGHT = 5;

    private final Samples samples;
    private final int requests;
    private final Path directory;

    Floor(Samples samples, int requests, Path directory) {
        this.samples = samples;
        this.requests = requests;
        this.directory = directory;
    }

    void run(Set<String> rows) throws Exception {
        if (!rows.contains("produce-raw") && !rows.contains("fetch-raw")) {
            return;
        }
        Files.createDirectories(directory);
        Process server = new ProcessBuilder(Home.program(
                        "programs",
                        List.of("-Xmx128m"),
                        FloorServer.class.getName(),
                        List.of(directory.resolve("floor").toString())))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = server.inputReader();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(output.readLine()))) {
            socket.setTcpNoDelay(true);
            measure(new ProcessStats(server.pid()), socket);
        } finally {
            server.destroyForcibly().onExit().join();
            Home.delete(directory);
        }
    }

    private void measure(ProcessStats server, Socket socket) throws Exception {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        double bytes = (double) requests * REQUEST_BYTES;
        append(in, out, requests);
        samples.throughput(Metric.PRODUCE_RAW_CPU, Cost.of(server, () -> append(in, out, requests)), bytes);
        int pass = (int) (bytes / FETCH_BYTES);
        int fetches = pass * RawRows.PASSES;
        fetch(in, out, pass * RawRows.WARM_UP_PASSES);
        double fetched = (double) fetches * FETCH_BYTES;
        samples.throughput(Metric.FETCH_RAW_CPU, Cost.of(server, () -> fetch(in, out, fetches)), fetched);
    }

    private static double append(DataInputStream in, DataOutputStream out, int requests) throws IOException {
        byte[] payload = new byte[REQUEST_BYTES];
        new Random(1).nextBytes(payload);
        byte[] request = ByteBuffer.allocate(Integer.BYTES + REQUEST_BYTES)
                .putInt(REQUEST_BYTES)
                .put(payload)
                .array();
        long begun = System.nanoTime();
        for (int sent = 0, answered = 0; answered < requests; answered++) {
            while (sent < requests && sent - answered < IN_FLIGHT) {
                out.write(request);
                sent++;
            }
            in.readInt();
        }
        return rate((double) requests * REQUEST_BYTES, begun);
    }

    private static double fetch(DataInputStream in, DataOutputStream out, int requests) throws IOException {
        byte[] reply = new byte[FETCH_BYTES];
        long begun = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            out.writeInt(-FETCH_BYTES);
            in.readFully(reply);
        }
        return rate((double) requests * FETCH_BYTES, begun);
    }

    private static double rate(double bytes, long begunNanos) {
        return bytes / (1 << 20) / ((System.nanoTime() - begunNanos) / 1e9);
    }
}
