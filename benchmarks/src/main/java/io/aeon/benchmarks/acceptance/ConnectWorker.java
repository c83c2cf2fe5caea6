package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Home;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/** A worker of Kafka Connect in distributed mode, in a process of its own, and its REST interface. */
final class ConnectWorker implements AutoCloseable {
    private static final long START_LIMIT_NANOS = 120_000_000_000L;
    private static final int CONFLICT = 409;

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final Process process;

    /**
     * Starts it; what it prints is added to {@code worker.out} in the directory.
     *
     * @param bootstrap the cluster of its internal topics, which have one replica
     */
    ConnectWorker(Path directory, String bootstrap) throws IOException {
        port = BrokerProcess.freePort();
        Properties settings = new Properties();
        settings.putAll(settings(bootstrap, port));
        Path file = directory.resolve("worker.properties");
        try (var out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
        String main = "org.apache.kafka.connect.cli.ConnectDistributed";
        process = new ProcessBuilder(Home.program("connect", List.of("-Xmx512m"), main, List.of(file.toString())))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("worker.out").toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    private static Map<String, String> settings(String bootstrap, int port) {
        Map<String, String> settings = new LinkedHashMap<>();
        String bytes = "org.apache.kafka.connect.converters.ByteArrayConverter";
        settings.put("bootstrap.servers", bootstrap);
        settings.put("listeners", "http://127.0.0.1:" + port);
        settings.put("group.id", "connect");
        for (String topic : List.of("config", "offset", "status")) {
            settings.put(topic + ".storage.topic", "connect-" + topic);
            settings.put(topic + ".storage.replication.factor", "1");
        }
        settings.put("key.converter", bytes);
        settings.put("value.converter", bytes);
        settings.put("header.converter", bytes);
        settings.put("exactly.once.source.support", "enabled");
        settings.put("plugin.discovery", "service_load");
        settings.put("session.timeout.ms", "6000");
        settings.put("heartbeat.interval.ms", "1000");
        settings.put("scheduled.rebalance.max.delay.ms", "0");
        settings.put("offset.flush.interval.ms", "1000");
        return settings;
    }

    /** Returns when it serves REST requests. */
    void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT_NANOS;
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new IOException("the worker of Connect ended with " + process.exitValue());
            }
            try {
                if (get("/connectors").statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                BrokerProcess.pause(100);
            }
        }
        throw new IOException("the worker of Connect does not serve within the limit");
    }

    /** Creates the connector, or changes its configuration. */
    void deploy(String connector, Map<String, String> config) throws IOException, InterruptedException {
        String json = config.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
        HttpRequest request = HttpRequest.newBuilder(uri("/connectors/" + connector + "/config"))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        while (response.statusCode() == CONFLICT) {
            BrokerProcess.pause(200);
            response = http.send(request, BodyHandlers.ofString());
        }
        if (response.statusCode() >= 300) {
            throw new IOException(connector + " is refused: " + response.body());
        }
    }

    /** What it says of the connector and its tasks: JSON. */
    String status(String connector) throws IOException, InterruptedException {
        return get("/connectors/" + connector + "/status").body();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** SIGKILL; returns when it is gone. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
