package io.aeon.benchmarks.boards;

import io.aeon.benchmarks.broker.BrokerProcess;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Prometheus server that scrapes brokers, in a process of its own that ends with this JVM at the latest. */
final class Prometheus implements AutoCloseable {
    private static final Pattern ELEMENT =
            Pattern.compile("\\{\"metric\":\\{([^}]*)},\"value\":\\[[^,]*,\"([^\"]*)\"]}");
    private static final Pattern LABEL = Pattern.compile("\"([^\"]+)\":\"([^\"]*)\"");
    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;
    private final Process process;

    /** One element of an instant vector. */
    record Sample(Map<String, String> labels, double value) {
        boolean has(Map<String, String> some) {
            return labels.entrySet().containsAll(some.entrySet());
        }
    }

    private Prometheus(String address, Process process) {
        this.address = address;
        this.process = process;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param directory for its files
     * @param targets the labels of each target by its {@code HOST:PORT}
     */
    static Prometheus start(Path directory, Duration interval, Map<String, Map<String, String>> targets)
            throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Path config = directory.resolve("prometheus.yml");
        Files.writeString(config, config(interval, targets));
        String address = "127.0.0.1:" + BrokerProcess.freePort();
        ProcessBuilder command = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=" + address,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(directory.resolve("prometheus.out").toFile());
        Prometheus server = new Prometheus("http://" + address, command.start());
        server.awaitReady();
        return server;
    }

    private static String config(Duration interval, Map<String, Map<String, String>> targets) {
        String each = targets.entrySet().stream()
                .map(target -> "      - targets: ['" + target.getKey() + "']\n        labels: {"
                        + target.getValue().entrySet().stream()
                                .map(label -> label.getKey() + ": '" + label.getValue() + "'")
                                .collect(Collectors.joining(", "))
                        + "}\n")
                .collect(Collectors.joining());
        String seconds = interval.toSeconds() + "s";
        return "global: {scrape_interval: " + seconds + ", scrape_timeout: " + seconds + "}\n"
                + "scrape_configs:\n  - job_name: aeon\n    static_configs:\n" + each;
    }

    private void awaitReady() throws InterruptedException, IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                if (get("/-/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("prometheus does not answer; see prometheus.out", e);
                }
            }
            BrokerProcess.pause(100);
        }
    }

    private java.net.http.HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString());
    }

    /**
     * Evaluates an expression at a moment.
     *
     * @throws IOException it is no expression of which Prometheus makes an instant vector
     */
    List<Sample> query(String expression, Instant at) throws IOException, InterruptedException {
        String query = "query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8) + "&time=" + at;
        String answer = get("/api/v1/query?" + query).body();
        if (!answer.contains("\"resultType\":\"vector\"")) {
            throw new IOException(expression + ": " + answer);
        }
        List<Sample> samples = new ArrayList<>();
        Matcher elements = ELEMENT.matcher(answer);
        while (elements.find()) {
            Map<String, String> labels = new HashMap<>();
            Matcher label = LABEL.matcher(elements.group(1));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
            samples.add(new Sample(labels, Double.parseDouble(elements.group(2).replace("Inf", "Infinity"))));
        }
        return samples;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
