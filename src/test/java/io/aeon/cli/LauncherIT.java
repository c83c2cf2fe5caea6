package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.config.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as a user meets it: bin/aeon in a process of its own. */
class LauncherIT {
    private static final Path AEON = Path.of("target/aeon/bin/aeon").toAbsolutePath();
    private static final Pattern READY = Pattern.compile("Aeon (\\S+) ready on 127\\.0\\.0\\.1:(\\d+) in (\\d+) ms");

    @TempDir
    private Path dir;

    @Test
    void startsTellsThatItServesAndStopsOnSIGTERM() throws Exception {
        Process broker = run(AEON, "start", "--data", "data", "--port", "0");
        String line = firstLine(broker);
        Matcher ready = READY.matcher(line);
        assertThat(ready.matches()).as(line).isTrue();
        assertThat(ready.group(1)).isEqualTo(Version.current());

        Process second = run(AEON, "start", "--data", "data", "--port", "0");
        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(1);
        assertThat(rest(second.getInputStream())).isEmpty();
        assertThat(rest(second.getErrorStream()))
                .isEqualTo("aeon: the data directory " + dir.toRealPath().resolve("data")
                        + " is in use by another broker\n");

        broker.toHandle().destroy();
        assertThat(broker.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(broker.exitValue()).isZero();
        assertThat(rest(broker.getInputStream())).isEmpty();
    }

    @Test
    void isFoundThroughSymbolicLinksFromAnywhere() throws Exception {
        Path link = Files.createSymbolicLink(dir.resolve("linked"), AEON);
        Path linkToLink = Files.createSymbolicLink(
                dir.resolve("again"), Path.of(link.getFileName().toString()));

        Process version = run(linkToLink, "--version");

        assertThat(version.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(rest(version.getInputStream()))
                .matches("Aeon " + Version.current() + "\nJDK \\S+ at /.+, with(out)? start archive\n");
        assertThat(version.exitValue()).isZero();
        Files.delete(linkToLink);
        Files.delete(link);
    }

    @Test
    void saysInOneLineWhatIsWrongWithASetting() throws Exception {
        Process broker = run(AEON, "start", "-Daeon.log.flush=never");

        assertThat(broker.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(broker.exitValue()).isEqualTo(1);
        assertThat(rest(broker.getErrorStream()))
                .isEqualTo("aeon: aeon.log.flush: \"never\" is none of sync, interval, os\n");
    }

    private Process run(Path launcher, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(dir.toFile()).start();
    }

    private static String firstLine(Process process) throws Exception {
        return CompletableFuture.supplyAsync(() -> line(process.getInputStream()))
                .get(60, TimeUnit.SECONDS);
    }

    /** Byte by byte, so that nothing of what follows is read ahead. */
    private static String line(InputStream in) {
        StringBuilder line = new StringBuilder();
        try {
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                line.append((char) next);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return line.toString();
    }

    private static String rest(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
}
