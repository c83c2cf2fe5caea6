package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private static final String COMMANDS = "Usage: aeon COMMAND [OPTION]...\n";

    @TempDir
    private Path dir;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "log --help", "help -h"})
    void helpListsTheCommands(String line) {
        assertThat(run(line)).isEqualTo(Main.OK);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith(COMMANDS)
                .contains(
                        "\n  start ",
                        "\n  topics ",
                        "\n  groups ",
                        "\n  records ",
                        "\n  transactions ",
                        "\n  settings ",
                        "\n  doctor ",
                        "\n  debug-bundle ",
                        "\n  completion ",
                        "\n  import ",
                        "\n  log verify ",
                        "\n  log dump ",
                        "\n  log repair ",
                        "\n  prepare ");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void theHelpOfACommandNamesItsOptions() {
        assertThat(run("start --help")).isEqualTo(Main.OK);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("aeon start [OPTION]...", "--config", "--data", "--port", "-D", "KEY=VALUE");
    }

    @Test
    void theHelpOfACommandNamesItsArgument() {
        assertThat(run("log dump --help")).isEqualTo(Main.OK);

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("aeon log dump [OPTION]... DIR", "--records");
    }

    @Test
    void withoutArgumentsTheCommandsAreListed() {
        assertRefused("", "aeon: a command is missing\n" + COMMANDS);
    }

    @ParameterizedTest
    @CsvSource({"begin now, begin", "--data d start, --data"})
    void theErrorNamesAnUnknownCommand(String line, String named) {
        assertRefused(line, "aeon: there is no command " + named + "\n" + COMMANDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "log look"})
    void anIncompleteCommandGetsTheListOfItsCompletions(String line) {
        assertRefused(
                line,
                "aeon: there is no command " + line + "; there are log verify, log dump, log repair\n" + COMMANDS);
    }

    @Test
    void theErrorNamesKafkasToolForACommandOfAnotherBroker() {
        assertRefused(
                "configs --describe",
                "aeon: there is no command configs; use Kafka's own tools for that, here kafka-configs"
                        + " --bootstrap-server HOST:PORT\n" + COMMANDS);
    }

    @Test
    void theErrorNamesTheWrongArgument() {
        assertRefused("start --foo", "aeon: Unrecognized option: --foo\n");
        assertRefused("start --dat d", "aeon: Unrecognized option: --dat\n");
        assertRefused("start now", "aeon: Unexpected argument: now\n");
        assertRefused("start --data", "aeon: Missing argument for option: data\n");
        assertRefused("start --port 1 --port 2", "aeon: Given more than once: --port\n");
        assertRefused("start -Daeon.log.flush", "aeon: -D takes KEY=VALUE, not aeon.log.flush\n");
        assertRefused("start -D aeon.log.flush", "aeon: -D takes KEY=VALUE, not aeon.log.flush\n");
        assertRefused("import somewhere", "aeon: Missing required option: data\n");
        assertRefused("import --data d", "aeon: Missing argument: DIR\n");
        assertRefused("log verify a b", "aeon: Unexpected argument: b\n");
        assertRefused("records --count 0 t", "aeon: --count takes a number from 1 to 10000, not 0\n");
        assertRefused("records --from today t", "aeon: --from takes a time such as 2026-11-30T08:00:00Z, not today\n");
        assertRefused("completion tcsh", "aeon: there is no completion for tcsh; there is one for bash, zsh, fish\n");
    }

    @Test
    void aCommandThatFailsSaysWhyInOneLine() {
        Path missing = dir.resolve("missing");

        assertThat(run("log verify " + missing)).isEqualTo(Main.FAILED);

        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("aeon: ").contains(missing.toString());
    }

    private void assertRefused(String line, String beginning) {
        err.reset();
        assertThat(run(line)).isEqualTo(Main.CALLED_WRONGLY);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith(beginning).contains("Usage: aeon ");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private int run(String line) {
        List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split(" "));
        return new Main(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        () -> {})
                .run(arguments);
    }
}
