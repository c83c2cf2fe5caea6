package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.ParseException;
import org.junit.jupiter.api.Test;

class GivenTest {
    @Test
    void optionsComeInAnyOrderAndEitherForm() throws ParseException {
        Given given = start("--port=0", "-Daeon.log.flush=os", "--data", "there", "-D", "aeon.node-id=2");

        assertThat(given.text("port")).contains("0");
        assertThat(given.path("data")).contains(Path.of("there"));
        assertThat(given.path("config")).isEmpty();
        assertThat(given.pairs("D")).isEqualTo(Map.of("aeon.log.flush", "os", "aeon.node-id", "2"));
    }

    @Test
    void aSettingsValueMayContainAnyCharacter() throws ParseException {
        Given given = start("-Daeon.a=x=y", "-Daeon.b=", "-Daeon.c=\"quoted\"", "-Daeon.a=z");

        assertThat(given.pairs("D")).isEqualTo(Map.of("aeon.a", "z", "aeon.b", "", "aeon.c", "\"quoted\""));
    }

    @Test
    void theOperandMayPrecedeOptions() throws ParseException {
        Given given = Given.to(LogCommand.DUMP, List.of("dir", "--records"));

        assertThat(given.operand()).isEqualTo(Path.of("dir"));
        assertThat(given.has("records")).isTrue();
    }

    private static Given start(String... arguments) throws ParseException {
        return Given.to(new StartCommand(), List.of(arguments));
    }
}
