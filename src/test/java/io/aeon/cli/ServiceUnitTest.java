package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The unit of systemd, which is part of the distribution. */
class ServiceUnitTest {
    private static final String COMMAND = "ExecStart=/opt/aeon/bin/aeon start ";

    @Test
    void itsCommandIsOneOfAeon() throws Exception {
        List<String> commands = Files.readAllLines(Path.of("src/main/dist/share/aeon.service")).stream()
                .filter(line -> line.startsWith("ExecStart"))
                .toList();

        assertThat(commands).singleElement().asString().startsWith(COMMAND);
        Given given = Given.to(
                new StartCommand(),
                List.of(commands.get(0).substring(COMMAND.length()).split(" ")));
        assertThat(given.text("config")).contains("/etc/aeon/aeon.conf");
        assertThat(given.text("data")).contains("/var/lib/aeon");
    }
}
