package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/**
 * Apache Kafka from Maven Central: one combined node, a formatted directory, and the JVM options that its own start
 * script gives (without its GC log).
 *
 * @param heap the heap's maximum as the JVM writes it, or empty for the start script's 1G
 * @param jvmOptions more options for its JVM
 */
public record Kafka(String heap, List<String> jvmOptions) implements Distribution {
    private static final String LOGS = "log";
    private static final List<String> JVM_OPTIONS = List.of(
            "-server",
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent",
            "-Djava.awt.headless=true");

    public Kafka(String heap) {
        this(heap, List.of());
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public ProcessBuilder command(Path data, int port, Map<String, String> settings) throws IOException {
        return command(
                data,
                port,
                BrokerProcess.freePort(),
                settings,
                List.of("-t", Uuid.randomUuid().toString(), "--standalone"));
    }

    /** @param format what the node's directory is formatted with, if it is new */
    ProcessBuilder command(Path data, int port, int controllerPort, Map<String, String> settings, List<String> format)
            throws IOException {
        Path properties = data.resolve("server.properties");
        Path logging = data.resolve("log4j2.properties");
        if (!Files.exists(properties)) {
            Files.createDirectories(data);
            write(properties, serverProperties(data, port, controllerPort, settings));
            write(logging, logging(data.resolve("server.log")));
            format(properties, logging, format);
        }
        String limit = heap.isEmpty() ? "1G" : heap;
        List<String> options = new ArrayList<>(options(List.of("-Xmx" + limit, "-Xms" + limit), logging));
        options.addAll(jvmOptions);
        return new ProcessBuilder(Home.program("kafka", options, "kafka.Kafka", List.of(properties.toString())));
    }

    @Override
    public Path logs(Path data) {
        return data.resolve(LOGS);
    }

    private static List<String> options(List<String> heap, Path logging) {
        return Stream.of(heap, JVM_OPTIONS, List.of("-Dlog4j2.configurationFile=" + logging.toUri()))
                .flatMap(List::stream)
                .toList();
    }

    private static Map<String, String> serverProperties(
            Path data, int port, int controllerPort, Map<String, String> settings) {
        String listeners = "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort;
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("controller.quorum.bootstrap.servers", "127.0.0.1:" + controllerPort);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listeners", listeners);
        properties.put("advertised.listeners", listeners);
        properties.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("log.dirs", data.resolve(LOGS).toString());
        properties.put("num.recovery.threads.per.data.dir", "2");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.putAll(settings);
        return properties;
    }

    private static Map<String, String> logging(Path file) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("appender.file.type", "File");
        properties.put("appender.file.name", "FILE");
        properties.put("appender.file.fileName", file.toString());
        properties.put("appender.file.layout.type", "PatternLayout");
        properties.put("appender.file.layout.pattern", "[%d] %p %m (%c)%n");
        properties.put("rootLogger.level", "info");
        properties.put("rootLogger.appenderRef.file.ref", "FILE");
        return properties;
    }

    private static void format(Path properties, Path logging, List<String> given) throws IOException {
        List<String> arguments = Stream.of(List.of("format", "-c", properties.toString()), given)
                .flatMap(List::stream)
                .toList();
        Program.run(Home.program("kafka", options(List.of(), logging), "kafka.tools.StorageTool", arguments));
    }

    private static void write(Path file, Map<String, String> values) throws IOException {
        Properties properties = new Properties();
        properties.putAll(values);
        try (var out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
    }
}
