package io.aeon.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.ParseException;

/** The arguments of a subcommand, checked against its options. */
final class Given {
    private final CommandLine line;

    private Given(CommandLine line) {
        this.line = line;
    }

    /** @throws ParseException the arguments do not match the subcommand's options */
    static Given to(Subcommand subcommand, List<String> arguments) throws ParseException {
        DefaultParser parser =
                DefaultParser.builder().setAllowPartialMatching(false).get();
        CommandLine line = parser.parse(subcommand.options(), arguments.toArray(String[]::new));
        requireOperand(subcommand, line.getArgList());
        for (Option option : line.getOptions()) {
            if (isPair(option)) {
                requireKeyAndValue(option);
            } else if (line.getOptionValues(option) != null && line.getOptionValues(option).length > 1) {
                throw new ParseException("Given more than once: --" + option.getLongOpt());
            }
        }
        return new Given(line);
    }

    private static void requireOperand(Subcommand subcommand, List<String> operands) throws ParseException {
        int most = subcommand.operand().isEmpty() ? 0 : 1;
        int least = subcommand.operand().startsWith("[") ? 0 : most;
        if (operands.size() > most) {
            throw new ParseException("Unexpected argument: " + operands.get(most));
        }
        if (operands.size() < least) {
            throw new ParseException("Missing argument: " + subcommand.operand());
        }
    }

    private static boolean isPair(Option option) {
        return option.getArgs() == 2;
    }

    private static void requireKeyAndValue(Option option) throws ParseException {
        if (option.getValuesList().size() < 2) {
            throw new ParseException("-" + option.getOpt() + " takes KEY=VALUE, not " + option.getValue());
        }
    }

    boolean has(String option) {
        return line.hasOption(option);
    }

    Optional<String> text(String option) {
        return Optional.ofNullable(line.getOptionValue(option));
    }

    /** @throws InvalidPathException the option's value is not a path */
    Optional<Path> path(String option) {
        return text(option).map(Path::of);
    }

    /** All {@code KEY=VALUE} pairs of this option; the last value of a key wins. */
    Map<String, String> pairs(String option) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (Option each : line.getOptions()) {
            if (option.equals(each.getOpt())) {
                pairs.put(each.getValue(0), each.getValue(1));
            }
        }
        return pairs;
    }

    /** The argument after the options, for a subcommand that may take one. */
    Optional<String> optionalOperand() {
        return line.getArgList().stream().findFirst();
    }

    /**
     * The argument after the options, for a subcommand that takes one.
     *
     * @throws InvalidPathException the argument is not a path
     */
    Path operand() {
        return Path.of(line.getArgList().get(0));
    }
}
