package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.PatientWaits;
import io.aeon.e2e.WireClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the image runs, in a directory that is laid out as the image is, by the environments that Kafka's images get.
 */
class ContainerIT {
    private static final Path DISTRIBUTION =
            Distribution.AEON.resolveSibling("..").normalize();
    private static final Pattern READY = Pattern.compile("Aeon \\S+ ready on \\S+:(\\d+) in \\d+ ms");
    private static final String MOUNTED = "/mnt/shared/config";
    private static final String ON_THE_PATH = "/usr/local/bin/aeon";
    private static final String CLUSTER = "4L6g3nShT-eMCtK--X86sw";

    /** What Testcontainers 2.0.5 sets for KafkaContainer, but for the ports, which are free ones here. */
    private static final Map<String, String> TESTCONTAINERS = Map.ofEntries(
            Map.entry("CLUSTER_ID", CLUSTER),
            Map.entry("KAFKA_LISTENERS", "PLAINTEXT://:0,BROKER://:0,CONTROLLER://:0,TC-0://localhost:0"),
            Map.entry(
                    "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                    "BROKER:PLAINTEXT,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,TC-0:PLAINTEXT"),
            Map.entry("KAFKA_INTER_BROKER_LISTENER_NAME", "BROKER"),
            Map.entry("KAFKA_PROCESS_ROLES", "broker,controller"),
            Map.entry("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
            Map.entry("KAFKA_NODE_ID", "1"),
            Map.entry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
            Map.entry("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "1"),
            Map.entry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
            Map.entry("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
            Map.entry("KAFKA_LOG_FLUSH_INTERVAL_MESSAGES", "9223372036854775807"),
            Map.entry("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0"));

    @TempDir
    private Path dir;

    private Path root;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void layOut() throws IOException {
        root = Files.createDirectory(dir.resolve("root of the image"));
        Path aeon = Files.createDirectories(root.resolve("opt/aeon"));
        for (String part : List.of("lib", "conf")) {
            Files.createSymbolicLink(aeon.resolve(part), DISTRIBUTION.resolve(part));
        }
        Path bin = Files.createDirectory(aeon.resolve("bin"));
        Files.copy(Distribution.AEON, bin.resolve("aeon"), StandardCopyOption.COPY_ATTRIBUTES);
        Path run = Files.createDirectories(aeon.resolve("share/container")).resolve("run");
        String script = Files.readString(DISTRIBUTION.resolve("share/container/run"));
        assertThat(script).contains("mounted=" + MOUNTED + "\n");
        executable(run, script.replace(MOUNTED, "\"" + root + MOUNTED + "\""));
        Files.createSymbolicLink(
                Files.createDirectories(root.resolve("etc/kafka/docker")).resolve("run"), run);
        Files.createDirectories(root.resolve("mnt/shared/config"));
        assertThat(Files.readString(DISTRIBUTION.resolve("share/container/Containerfile")))
                .contains("ln -s /opt/aeon/bin/aeon " + ON_THE_PATH);
        Files.createSymbolicLink(
                Files.createDirectories(root.resolve("usr/local/bin")).resolve("aeon"), bin.resolve("aeon"));
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void stop() throws IOException {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
        for (String link : List.of("opt/aeon/lib", "opt/aeon/conf", "etc/kafka/docker/run", "usr/local/bin/aeon")) {
            Files.delete(root.resolve(link));
        }
    }

    @Test
    void testcontainersFindsTheBrokerAtTheAdvertisedListeners() throws Exception {
        Path script = root.resolve("testcontainers_start.sh");
        Process container = start(
                TESTCONTAINERS, "sh", "-c", "while [ ! -f '%1$s' ]; do sleep 0.1; done; '%1$s'".formatted(script));
        Path copied = executable(root.resolve("copied"), """
                #!/bin/bash
                export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:32768,BROKER://a1b2c3d4e5f6:9093,TC-0://kafka:19092
                "%s/etc/kafka/docker/run"
                """.formatted(root));
        Files.move(copied, script, StandardCopyOption.ATOMIC_MOVE);

        List<String> lines = linesUntil(container.getInputStream(), line -> line.contains("Kafka Server started"));

        assertThat(lines).last().asString().matches(".*Transitioning from RECOVERY to RUNNING.*");
        MetadataResponseData metadata = metadata(port(lines));
        assertThat(metadata.clusterId()).isEqualTo(CLUSTER);
        assertThat(metadata.brokers()).singleElement().satisfies(ContainerIT::assertAdvertised);
        java(container).destroy();
        assertThat(container.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(container.exitValue()).isZero();
    }

    private static void assertAdvertised(MetadataResponseBroker broker) {
        assertThat(broker.nodeId()).isEqualTo(1);
        assertThat(broker.host()).isEqualTo("localhost");
        assertThat(broker.port()).isEqualTo(32768);
    }

    @Test
    void variablesWinOverAMountedFileAndOtherVariablesOfKafkaDoNoHarm() throws Exception {
        Files.writeString(root.resolve("mnt/shared/config/server.properties"), """
                listeners=PLAINTEXT://127.0.0.1:0
                num.partitions=4
                default.replication.factor=1
                """);
        Process container = start(
                Map.of(
                        "KAFKA_NUM_PARTITIONS", "5",
                        "KAFKA_HEAP_OPTS", "-Xmx128m -Xms32m",
                        "KAFKA_LOG4J_ROOT_LOGLEVEL", "WARN",
                        "KAFKA_VERSION", "4.4.0",
                        "KAFKA_PORT_9092_TCP_PROTO", "tcp"),
                root.resolve("etc/kafka/docker/run").toString());

        List<String> log = linesUntil(container.getErrorStream(), line -> line.contains("Found "));

        assertThat(log)
                .contains("aeon: KAFKA_LOG4J_ROOT_LOGLEVEL has no effect in Aeon")
                .anyMatch(line -> line.contains("aeon.kafka.num.partitions=5"))
                .anyMatch(line -> line.contains("aeon.kafka.default.replication.factor=1"))
                .anyMatch(line -> line.contains("AEON_KAFKA_PORT_9092_TCP_PROTO matches no setting of Aeon"))
                .last()
                .asString()
                .containsPattern(" 1[0-2]\\d MiB for the heap");
    }

    @Test
    void withoutSettingsThePublishedPortIsAdvertised() throws Exception {
        Process container = start(
                Map.of("AEON_LISTENERS_CLIENT_PORT", "0"),
                root.resolve("etc/kafka/docker/run").toString());

        List<String> log = linesUntil(container.getErrorStream(), line -> line.contains("Listener client"));

        assertThat(log)
                .last()
                .asString()
                .containsPattern("is bound to \\[?(0[.:])+0\\]?:\\d+ and advertises localhost");
        assertThat(root.resolve("data/meta.properties")).exists();
    }

    @Test
    void theHealthCheckSucceedsOnceTheBrokerAnswers() throws Exception {
        String aeon = root + ON_THE_PATH;
        String nobody = "127.0.0.1:1";
        Process container = start(
                Map.of("AEON_LISTENERS_CLIENT_PORT", "0"),
                root.resolve("etc/kafka/docker/run").toString());
        List<String> lines = linesUntil(container.getInputStream(), line -> line.contains("Kafka Server started"));
        assertThat(exitValue(start(Map.of(), aeon, "topics", "--bootstrap", nobody)))
                .isEqualTo(1);
        assertThat(exitValue(start(Map.of(), aeon, "topics", "--bootstrap", "127.0.0.1:" + port(lines))))
                .isZero();
    }

    private static int exitValue(Process check) throws InterruptedException {
        assertThat(check.waitFor(PatientWaits.LIMIT.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
        return check.exitValue();
    }

    @Test
    void advertisedListenersAloneAreBoundToAllAddresses() throws Exception {
        Process container = start(
                Map.of("KAFKA_ADVERTISED_LISTENERS", "INSIDE://[::1]:0"),
                root.resolve("etc/kafka/docker/run").toString());

        List<String> log = linesUntil(container.getErrorStream(), line -> line.contains("Listener client"));

        assertThat(log).last().asString().containsPattern("is bound to \\[?(0[.:])+0\\]?:\\d+ and advertises \\S*:1");
    }

    /** Without HOME, in a locale that is not installed, in a far time zone: all that a container may lack. */
    private Process start(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile());
        String path = System.getenv("PATH");
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", path, "LC_ALL", "tr_TR.UTF-8", "TZ", "Pacific/Kiritimati"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static List<String> linesUntil(InputStream in, Predicate<String> last) throws Exception {
        return CompletableFuture.supplyAsync(() -> {
                    List<String> lines = new ArrayList<>();
                    do {
                        lines.add(Distribution.line(in));
                    } while (!last.test(lines.get(lines.size() - 1))
                            && !lines.get(lines.size() - 1).isEmpty());
                    return lines;
                })
                .get(PatientWaits.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static int port(List<String> lines) {
        Matcher ready = READY.matcher(lines.get(lines.size() - 2));
        assertThat(ready.matches()).as(lines.toString()).isTrue();
        return Integer.parseInt(ready.group(1));
    }

    private static MetadataResponseData metadata(int port) {
        try (WireClient client = new WireClient("127.0.0.1", port, (int) PatientWaits.LIMIT.toMillis())) {
            return client.call(
                    ApiKeys.METADATA, 12, new MetadataRequestData().setTopics(null), MetadataResponseData.class);
        }
    }

    private static ProcessHandle java(Process container) {
        return container
                .descendants()
                .filter(each -> each.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow();
    }
}
