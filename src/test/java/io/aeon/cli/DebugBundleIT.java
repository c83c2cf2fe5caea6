package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.PatientWaits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebugBundleIT {
    @TempDir
    private Path dir;

    @Test
    void aBundleHoldsWhatSomebodyWhoHelpsHasToKnow() throws Exception {
        Path log = dir.resolve("broker.log");
        ProcessBuilder builder = Distribution.command(
                        dir,
                        Distribution.AEON,
                        "start",
                        "--data",
                        "data",
                        "--port",
                        "0",
                        "-Daeon.kafka.num.partitions=4")
                .redirectError(log.toFile());
        builder.environment().put("AEON_NODE_ID", "7");
        Process broker = builder.start();
        try {
            String ready = Distribution.firstLine(broker);
            String address = ready.replaceAll(".* on (\\S+) in .*", "$1");

            Map<String, String> parts = bundle(
                    "--data",
                    dir.resolve("data").toString(),
                    "--bootstrap",
                    address,
                    dir.resolve("bundle.zip").toString());

            assertThat(parts.get("about.txt")).contains("Aeon ", "the broker is process " + broker.pid());
            assertThat(parts.get("settings.txt"))
                    .contains(
                            "aeon.kafka.num.partitions = 4 (command line)", "aeon.node-id = 7 (environment variables");
            assertThat(parts.get("threads.txt")).contains("java.lang.Thread.State");
            assertThat(parts.get("memory.txt")).contains("VmRSS", "Max open files");
            assertThat(parts.get("log.txt")).contains("Node 7 of cluster");
            assertThat(parts.get("cluster.json")).contains("num.partitions");
            assertThat(parts.get("doctor.json")).contains("tells clients to connect to");
            assertThat(Files.size(dir.resolve("bundle.zip"))).isLessThan(5 << 20);
        } finally {
            broker.destroy();
            assertThat(broker.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private Map<String, String> bundle(String... arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DebugBundleCommand command = new DebugBundleCommand(
                new PrintStream(out, true, StandardCharsets.UTF_8), Clock.systemUTC(), PatientWaits.LIMIT);
        assertThat(command.run(Given.to(command, List.of(arguments)))).isEqualTo(Main.OK);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains(" KiB. ").doesNotContain("left out");
        return read(dir.resolve("bundle.zip"));
    }

    @Test
    void whatCannotBeHadIsNamedAndWhatIsLongIsCut() throws Exception {
        DebugBundle bundle = new DebugBundle();
        bundle.add("quick.txt", () -> "here");
        bundle.add("broken.txt", () -> {
            throw new IOException("no permission");
        });
        bundle.add("long.txt", () -> "x".repeat(600 << 10));

        List<String> missing = bundle.write(dir.resolve("b.zip"), PatientWaits.LIMIT);

        assertThat(missing).containsExactly("broken.txt: no permission");
        Map<String, String> parts = read(dir.resolve("b.zip"));
        assertThat(parts.get("quick.txt")).isEqualTo("here");
        assertThat(parts.get("left-out.txt")).contains("no permission");
        assertThat(parts.get("long.txt")).hasSizeLessThan(520 << 10).contains("more bytes");
    }

    @Test
    void whatDoesNotComeInTimeIsNamed() throws Exception {
        DebugBundle bundle = new DebugBundle();
        bundle.add("late.txt", () -> {
            new CountDownLatch(1).await();
            return "never";
        });

        List<String> missing = bundle.write(dir.resolve("b.zip"), Duration.ofMillis(300));

        assertThat(missing).containsExactly("late.txt: not there within 300 ms");
        assertThat(read(dir.resolve("b.zip"))).containsOnlyKeys("left-out.txt");
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> parts = new HashMap<>();
        try (InputStream in = Files.newInputStream(file);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                parts.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return parts;
    }
}
