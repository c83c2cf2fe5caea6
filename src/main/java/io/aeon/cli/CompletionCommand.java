package io.aeon.cli;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.commons.cli.ParseException;

/** Prints the script by which a shell completes the commands and options of {@code aeon}. */
final class CompletionCommand implements Subcommand {
    private final PrintStream out;
    private final Supplier<List<Subcommand>> subcommands;

    /** @param subcommands all of them, this one included */
    CompletionCommand(PrintStream out, Supplier<List<Subcommand>> subcommands) {
        this.out = out;
        this.subcommands = subcommands;
    }

    @Override
    public String words() {
        return "completion";
    }

    @Override
    public String summary() {
        return "Print the script by which a shell completes commands and options.";
    }

    @Override
    public String more() {
        return "For bash: aeon completion bash > /etc/bash_completion.d/aeon; for zsh: a file _aeon in a directory of fpath;"
                + " for fish: ~/.config/fish/completions/aeon.fish. SHELL is bash, zsh or fish.";
    }

    @Override
    public String operand() {
        return "SHELL";
    }

    @Override
    public int run(Given given) throws ParseException {
        String name = given.optionalOperand().orElseThrow();
        ShellCompletion shell = Arrays.stream(ShellCompletion.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new ParseException("there is no completion for " + name + "; there is one for "
                        + Arrays.stream(ShellCompletion.values())
                                .map(each -> each.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
        shell.script(subcommands.get()).forEach(out::println);
        return Main.OK;
    }
}
