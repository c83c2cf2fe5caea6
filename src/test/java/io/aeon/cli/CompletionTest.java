package io.aeon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {
    private static final List<Subcommand> SUBCOMMANDS = List.of(
            new StartCommand(), new DoctorCommand(System.out, Clock.systemUTC()), LogCommand.VERIFY, LogCommand.DUMP);

    private static String script(String shell) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CompletionCommand command =
                new CompletionCommand(new PrintStream(out, true, StandardCharsets.UTF_8), () -> SUBCOMMANDS);
        assertThat(command.run(Given.to(command, List.of(shell)))).isEqualTo(Main.OK);
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            aeon st                  | start
            aeon log ''              | verify dump
            aeon log du              | dump
            aeon log dump --         | --records --help
            aeon start --node-id 1 --c | --config --controller-port
            aeon doctor --j          | --join --json
            aeon --v                 | --version
            aeon start --config --   | ''
            """)
    void bashOffersWhatMayFollow(String typed, String offered) throws Exception {
        Process bash = new ProcessBuilder("bash", "--norc", "-c", script("bash") + """
                        COMP_WORDS=(%s)
                        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                        _aeon
                        echo "${COMPREPLY[*]}"
                        """.formatted(typed))
                .redirectErrorStream(true)
                .start();

        String printed = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(printed.strip().split(" ")).containsExactlyInAnyOrder(offered.split(" "));
    }

    @Test
    void zshAndFishHearOfEveryCommandAndOption() throws Exception {
        assertThat(script("zsh"))
                .startsWith("#compdef aeon\n")
                .contains("\"log dump \"*) candidates=(--records --help) ;;", "\"log \"*) candidates=(verify dump) ;;");
        assertThat(script("fish"))
                .contains(
                        "complete -c aeon -f -n '__fish_use_subcommand' -a start -d 'Run a broker in the foreground;",
                        "complete -c aeon -n '__fish_seen_subcommand_from log; and __fish_seen_subcommand_from dump'"
                                + " -l records -d 'Print the records of each batch too.'",
                        "complete -c aeon -n '__fish_seen_subcommand_from start' -l config -r -d 'Settings file,");
    }

    @Test
    void anotherShellIsRefusedByName() {
        assertThatThrownBy(() -> script("tcsh"))
                .hasMessage("there is no completion for tcsh; there is one for bash, zsh, fish");
    }
}
