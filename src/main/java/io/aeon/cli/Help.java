package io.aeon.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.help.HelpFormatter;
import org.apache.commons.cli.help.TextHelpAppendable;

/** Prints the usage of {@code aeon}. */
final class Help {
    private final PrintStream out;

    Help(PrintStream out) {
        this.out = out;
    }

    /** Prints all subcommands. */
    void commands(List<Subcommand> subcommands) {
        out.printf(Locale.ROOT, "Usage: aeon COMMAND [OPTION]...%nA Kafka-compatible message broker.%n%nCommands:%n");
        for (Subcommand each : subcommands) {
            out.printf(Locale.ROOT, "  %-12s  %s%n", each.words(), each.summary());
        }
        out.printf(Locale.ROOT, "%nOptions of every command:%n  -h, --help      Print its usage.%n");
        out.printf(Locale.ROOT, "  -V, --version   Print the version of Aeon and of its JDK.%n");
    }

    /** Prints the usage of one subcommand. */
    void of(Subcommand subcommand) {
        Options options = subcommand.options();
        String optional = options.getOptions().isEmpty() ? "" : " [OPTION]...";
        String operand = subcommand.operand().isEmpty() ? "" : " " + subcommand.operand();
        HelpFormatter formatter = HelpFormatter.builder()
                .setShowSince(false)
                .setHelpAppendable(new TextHelpAppendable(out))
                .get();
        formatter.setSyntaxPrefix("Usage:");
        try {
            formatter.printHelp(
                    "aeon " + subcommand.words() + optional + operand,
                    subcommand.summary() + " " + subcommand.more(),
                    options,
                    "",
                    false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
