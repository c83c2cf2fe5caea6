package io.aeon.conformance;

import io.aeon.e2e.WireClient;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.awaitility.Awaitility;

/** Apache Kafka as one node, in a process and with a class path of its own. */
final class KafkaProcess implements AutoCloseable {
    private static final int END_PATIENCE_S = 20;

    private final Process process;
    private final int port;

    private KafkaProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Formats its data directories, starts Kafka on them and waits until it serves.
     *
     * @param jars the directory with Kafka's jars
     * @param directory gets server.properties and what Kafka prints
     * @param settings lines of its server.properties, log.dirs among them
     */
    static KafkaProcess start(Path jars, Path directory, List<String> settings) throws IOException {
        if (!Files.isDirectory(jars)) {
            throw new IOException(
                    "Apache Kafka is not in " + jars.toAbsolutePath() + ": mvn verify -Pconformance copies it there");
        }
        int port = freePort();
        Path properties = Files.write(directory.resolve("server.properties"), properties(port, settings));
        Process format = java(
                jars,
                directory,
                List.of(
                        "kafka.tools.StorageTool",
                        "format",
                        "--standalone",
                        "-t",
                        Uuid.randomUuid().toString(),
                        "-c",
                        properties.toString()));
        Awaitility.await().until(() -> !format.isAlive());
        KafkaProcess kafka =
                new KafkaProcess(java(jars, directory, List.of("kafka.Kafka", properties.toString())), port);
        Runtime.getRuntime().addShutdownHook(new Thread(kafka.process::destroyForcibly));
        Awaitility.await().ignoreExceptions().until(kafka::serves);
        return kafka;
    }

    private static List<String> properties(int port, List<String> settings) throws IOException {
        int controller = freePort();
        List<String> lines = new ArrayList<>(List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.bootstrap.servers=127.0.0.1:" + controller,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                "controller.listener.names=CONTROLLER",
                "metric.reporters=" + MetricsReceiver.class.getName()));
        lines.addAll(settings);
        return lines;
    }

    private static Process java(Path jars, Path directory, List<String> program) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                jars + "/*" + File.pathSeparator + ownClasses()));
        command.addAll(program);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("output.txt").toFile()))
                .start();
    }

    /** Where the plug-in is. */
    private static Path ownClasses() {
        return Path.of(URI.create(MetricsReceiver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean serves() {
        try (WireClient client = new WireClient("127.0.0.1", port, Stage.PATIENCE_MS)) {
            return !client.call(
                            ApiKeys.METADATA,
                            12,
                            new MetadataRequestData().setTopics(List.of()),
                            MetadataResponseData.class)
                    .brokers()
                    .isEmpty();
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_PATIENCE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
