package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.config.Version;
import io.aeon.e2e.TamperedLog;
import io.aeon.embedded.Aeon;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.metadata.FeatureLevelRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an operator sees of a broker that was never started before: first lines that say what was found, and for each
 * error one line that says what is wrong and what to do.
 */
class FirstContactIT {
    @TempDir
    private Path dir;

    @Test
    void theFirstLinesOfTheLogSayWhatWasFound() throws Exception {
        Path file = Files.writeString(dir.resolve("my.conf"), "aeon.kafka.num.partitions = 3\n");
        Process broker = Distribution.command(
                        dir,
                        Distribution.AEON,
                        "start",
                        "--config",
                        "my.conf",
                        "--data",
                        "records",
                        "--port",
                        "0",
                        "-Daeon.listeners.client.advertised-host=broker.example")
                .start();
        List<String> lines = CompletableFuture.supplyAsync(() -> linesUntil(broker, "Found "))
                .get(60, TimeUnit.SECONDS);
        broker.toHandle().destroy();
        assertThat(broker.waitFor(60, TimeUnit.SECONDS)).isTrue();

        Path data = dir.toRealPath().resolve("records");
        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .contains(
                                "Aeon " + Version.current() + " on JDK ",
                                " at /",
                                "settings from " + file.toRealPath()))
                .anySatisfy(line -> assertThat(line)
                        .contains("Flush mode sync", "aeon.kafka.num.partitions=3", "aeon.data-dir=records"))
                .anySatisfy(line ->
                        assertThat(line).containsPattern("Node 1 of cluster \\S{22}, a new data directory " + data))
                .anySatisfy(line -> assertThat(line)
                        .containsPattern("Listener client is bound to \\S+:\\d+ and advertises broker.example"))
                .anySatisfy(line -> assertThat(line)
                        .containsPattern("Found \\d+ processors, \\d+ MiB of memory, \\d+ MiB for the heap, .*"
                                + " \\d+ descriptors and vm.max_map_count \\d+ .*; data on \\{.*/records=\\S+}"));
    }

    @Test
    void aPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(failure("start", "--data", "data", "--port", port))
                    .isEqualTo("listener client cannot bind 127.0.0.1:" + port
                            + ": Address already in use; stop the program that uses it, or set another"
                            + " aeon.listeners.client.port");
        }
    }

    @Test
    void aDirectoryThatIsAFile() throws Exception {
        Path file = Files.createFile(dir.resolve("data"));

        assertThat(failure("start", "--data", "data", "--port", "0"))
                .isEqualTo("the data directory " + file.toRealPath() + " cannot be used: " + file.toRealPath()
                        + " is a file");
    }

    @Test
    void theDirectoryOfAnotherNode() throws Exception {
        leaveData();

        assertThat(failure("start", "--data", "data", "--port", "0", "-Daeon.node-id=2"))
                .startsWith("The data directory ")
                .endsWith(" belongs to node 1, this is node 2: set aeon.node-id = 1, or aeon.data-dir to the directory"
                        + " of this node.");
    }

    @Test
    void theDirectoryOfAnotherCluster() throws Exception {
        leaveData();
        Path identity = dir.resolve("data").resolve("meta.properties");
        Files.writeString(
                identity,
                Files.readString(identity).replaceFirst("cluster.id=.*", "cluster.id=AAAAAAAAAAAAAAAAAAAAAA"));

        assertThat(failure("start", "--data", "data", "--port", "0"))
                .contains(
                        "belongs to node 1 of cluster AAAAAAAAAAAAAAAAAAAAAA by its file meta.properties",
                        "by the copy .aeon: put back the one that belongs to the data");
    }

    @Test
    void anotherClusterThanThatOfTheDirectory() throws Exception {
        leaveData();

        assertThat(failure("start", "--data", "data", "--port", "0", "-Daeon.cluster-id=other"))
                .containsPattern(
                        "The data directory /\\S+/data has the cluster id \\S{22}, and aeon.cluster-id is other: ");
    }

    @Test
    void aDirectoryOfANewerVersion() throws Exception {
        leaveData();
        Path identity = dir.resolve("data").resolve("meta.properties");
        Files.writeString(identity, Files.readString(identity).replaceFirst("version=1", "version=2"));

        assertThat(failure("start", "--data", "data", "--port", "0"))
                .contains("has version 2, this program reads versions up to 1", "start that one");
    }

    @Test
    void theMetadataOfANewerVersion() throws Exception {
        leaveData();
        new TamperedLog(dir.resolve("data").resolve("__cluster_metadata-0"))
                .append(new FeatureLevelRecord().setName("metadata.version").setFeatureLevel((short) 99));

        assertThat(failure("start", "--data", "data", "--port", "0"))
                .contains(
                        "cannot be read: ", "99", "; a newer program may have used the data directory: start that one");
    }

    @Test
    void aKeyThatDoesNotExist() throws Exception {
        assertThat(failure("start", "-Daeon.log.flsh=os"))
                .startsWith("aeon.log.flsh: is not a setting of Aeon; aeon.log has flush, flush-interval, ");
        assertThat(failure("start", "-Daeon.kafka.num.partition=3"))
                .isEqualTo("aeon.kafka.num.partition: is not a broker setting of Kafka 4.4; leave it out"
                        + " (command line)");
    }

    private void leaveData() {
        Aeon.builder().dataDirectory(dir.resolve("data")).start().close();
    }

    /** What the program says after {@code aeon: } when it ends; it must be the only such line, and the last one. */
    private String failure(String... arguments) throws Exception {
        Process broker = Distribution.command(dir, Distribution.AEON, arguments).start();
        assertThat(broker.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(broker.exitValue()).isEqualTo(1);
        assertThat(Distribution.rest(broker.getInputStream())).isEmpty();
        List<String> lines = Distribution.rest(broker.getErrorStream()).lines().toList();
        List<String> told =
                lines.stream().filter(line -> line.startsWith("aeon: ")).toList();
        assertThat(told).containsExactly(lines.get(lines.size() - 1));
        return told.get(0).substring("aeon: ".length());
    }

    private static List<String> linesUntil(Process broker, String last) {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(Distribution.line(broker.getErrorStream()));
        } while (broker.isAlive() && !lines.get(lines.size() - 1).contains(last));
        return lines;
    }
}
