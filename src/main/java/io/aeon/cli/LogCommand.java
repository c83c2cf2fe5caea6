package io.aeon.cli;

import io.aeon.embedded.StoppedLogs;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at the logs of a stopped broker. */
@Command(
        name = "log",
        description = "Look at, or repair, the logs of a broker that does not run.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class LogCommand {
    private static final String DIRECTORY = "A data directory, or the directory of one partition in it.";

    @Command(
            description = "Read everything and say what is damaged, and where; exit code 1 if records are.",
            mixinStandardHelpOptions = true)
    int verify(@Parameters(paramLabel = "DIR", description = DIRECTORY) Path directory) {
        try (StoppedLogs logs = new StoppedLogs(directory)) {
            return logs.verify(System.out::println) ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    @Command(
            description = "Print one line for each batch; exit code 1 if some are damaged.",
            mixinStandardHelpOptions = true)
    int dump(
            @Option(names = "--records", description = "Print the records of each batch too.") boolean records,
            @Parameters(paramLabel = "DIR", description = DIRECTORY) Path directory) {
        try (StoppedLogs logs = new StoppedLogs(directory)) {
            return logs.dump(records, System.out::println) ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    @Command(
            description = {
                "Cut out of damaged logs what is not whole, so that the broker opens them again.",
                "The files are kept as they were, beside the partition in <partition>.cut.<n>."
            },
            mixinStandardHelpOptions = true)
    int repair(@Parameters(paramLabel = "DIR", description = DIRECTORY) Path directory) {
        try (StoppedLogs logs = new StoppedLogs(directory)) {
            logs.repair(System.out::println);
            return ExitCode.OK;
        }
    }
}
