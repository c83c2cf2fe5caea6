package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.aeon.e2e.RestartPorts;
import io.aeon.embedded.Aeon;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorIT {
    @TempDir
    private Path dir;

    private Path data;
    private Clock clock = Clock.systemUTC();
    private int code;

    @BeforeEach
    void create() throws Exception {
        data = Files.createDirectory(dir.resolve("data"));
    }

    private List<? extends Config> findings(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--json", "--data", data.toString()));
        all.addAll(List.of(arguments));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DoctorCommand command = new DoctorCommand(new PrintStream(out, true, StandardCharsets.UTF_8), clock);
        code = command.run(Given.to(command, all));
        return ConfigFactory.parseString(out.toString(StandardCharsets.UTF_8)).getConfigList("findings");
    }

    private static List<String> texts(List<? extends Config> findings, String grade) {
        return findings.stream()
                .filter(each -> each.getString("grade").equals(grade))
                .map(each -> each.getString("about") + ": " + each.getString("finding"))
                .toList();
    }

    @Test
    void aMachineThatWillDo() throws Exception {
        List<? extends Config> findings = findings("--port", "0", "-Daeon.log.min-free-bytes=1k");

        assertThat(texts(findings, "failure")).isEmpty();
        assertThat(texts(findings, "ok"))
                .anyMatch(text -> text.startsWith("disk: " + data + " has "))
                .anyMatch(text -> text.startsWith("clock: the machine's clock shows "))
                .contains("ports: listener client at 127.0.0.1:0 is free")
                .anyMatch(text -> text.startsWith("advertised addresses: no broker runs here; "));
        assertThat(code).isEqualTo(Main.OK);
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void aPortThatIsTakenAndADiskThatIsFull() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<? extends Config> findings =
                    findings("--port", Integer.toString(taken.getLocalPort()), "-Daeon.log.min-free-bytes=1000000GiB");

            assertThat(texts(findings, "failure"))
                    .anySatisfy(
                            text -> assertThat(text)
                                    .contains(
                                            "and records are refused below 1024000000 MiB (aeon.log.min-free-bytes): free some"))
                    .anySatisfy(text -> assertThat(text)
                            .startsWith("ports: listener client at 127.0.0.1:" + taken.getLocalPort()
                                    + " cannot be bound: ")
                            .endsWith("set another aeon.listeners.client.port or .host"));
            assertThat(code).isEqualTo(Main.FAILED);
        }
    }

    @Test
    void aPortOfTheConsoleThatIsTakenIsAFailureOnlyIfItIsGiven() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(texts(findings("--port", "0", "-Daeon.console.port=" + taken.getLocalPort()), "failure"))
                    .singleElement()
                    .asString()
                    .startsWith("ports: the console at 127.0.0.1:" + taken.getLocalPort() + " cannot be bound: ")
                    .endsWith("set another aeon.console.port or .host");
        }
        assertThat(texts(findings("--port", "0"), "ok")).noneMatch(text -> text.contains("console"));
        assertThat(texts(findings("--port", "0", "-Daeon.console.port=-1"), "failure"))
                .isEmpty();
    }

    @Test
    void aClockThatWasSetBackAndOneThatWasNeverSet() throws Exception {
        Path segment = Files.createFile(data.resolve("segment"));
        Files.setLastModifiedTime(segment, FileTime.from(Instant.now().plus(Duration.ofDays(1))));

        assertThat(texts(findings("--port", "0"), "warning"))
                .anyMatch(text -> text.startsWith("clock: " + segment + " was written in the future"));

        clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        assertThat(texts(findings("--port", "0"), "failure"))
                .anyMatch(text -> text.startsWith("clock: the machine's clock shows 1970-01-01T00:00:00Z: set it"));
    }

    @Test
    void anAdvertisedAddressThatNobodyReachesIsFoundThoughClientsCannotConnect() throws Exception {
        int closed = RestartPorts.next();
        try (Aeon broker = Aeon.builder()
                .set("aeon.listeners.client.advertised-host", "localhost")
                .set("aeon.listeners.client.advertised-port", closed)
                .start()) {
            assertThat(texts(findings("--port", "0", "--bootstrap", broker.bootstrapServers()), "failure"))
                    .singleElement()
                    .asString()
                    .startsWith("advertised addresses: broker 1 tells clients to connect to localhost:" + closed
                            + ", which does not answer: ")
                    .contains("set aeon.listeners.<name>.advertised-host");
        }
    }

    @Test
    void aBrokerThatRunsAnswersAtItsListenersAndAddresses() throws Exception {
        try (Aeon broker = Aeon.builder().dataDirectory(data).start()) {
            List<? extends Config> findings = findings("--port", Integer.toString(broker.port()));

            assertThat(texts(findings, "failure")).isEmpty();
            assertThat(texts(findings, "ok"))
                    .contains(
                            "ports: listener client at 127.0.0.1:" + broker.port() + " answers",
                            "advertised addresses: broker 1 tells clients to connect to 127.0.0.1:" + broker.port()
                                    + ", which answers");
        }
    }
}
