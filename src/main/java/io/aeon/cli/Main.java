package io.aeon.cli;

import io.aeon.config.SettingsException;
import io.aeon.config.Version;
import io.aeon.embedded.StartException;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/** The program {@code aeon}. Exit codes: 0 done or stopped in order, 1 failed, 2 called wrongly. */
@Command(
        name = "aeon",
        description = "A Kafka-compatible message broker.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.CurrentVersion.class,
        subcommands = {StartCommand.class, ImportCommand.class, LogCommand.class, PrepareCommand.class})
final class Main {
    private Main() {}

    /** @param arguments a subcommand and its options */
    public static void main(String[] arguments) {
        // Takes as long as reading the command line does, and nothing waits for the other.
        new Thread(LoggerFactory::getILoggerFactory, "aeon-logging-start").start();
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setExecutionExceptionHandler(Main::failed);
        System.exit(arguments.length == 0 ? usage(commandLine) : commandLine.execute(arguments));
    }

    private static int usage(CommandLine commandLine) {
        commandLine.usage(System.err);
        return CommandLine.ExitCode.USAGE;
    }

    /** One line for whoever started it; the stack is for who looks for it. */
    private static int failed(Exception e, CommandLine commandLine, ParseResult parsed) {
        Logger log = LoggerFactory.getLogger(Main.class);
        if (e instanceof SettingsException || e instanceof StartException) {
            log.debug("{} failed", commandLine.getCommandName(), e);
        } else {
            log.error("{} failed", commandLine.getCommandName(), e);
        }
        System.err.println("aeon: " + (e.getMessage() == null ? e : e.getMessage()));
        return CommandLine.ExitCode.SOFTWARE;
    }

    static final class CurrentVersion implements IVersionProvider {
        private static final List<String> ARCHIVES = List.of("-XX:SharedArchiveFile=", "-XX:AOTCache=");

        @Override
        public String[] getVersion() {
            String jdk = "JDK " + Runtime.version() + " at " + System.getProperty("java.home");
            boolean archive = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .anyMatch(option -> ARCHIVES.stream().anyMatch(option::startsWith));
            return new String[] {
                "Aeon " + Version.current(), jdk + (archive ? ", with" : ", without") + " start archive"
            };
        }
    }
}
