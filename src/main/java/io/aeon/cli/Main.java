package io.aeon.cli;

import io.aeon.config.SettingsException;
import io.aeon.config.Version;
import io.aeon.embedded.FileProblem;
import io.aeon.embedded.StartException;
import io.aeon.logging.QueuedLog;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.cli.ParseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program {@code aeon}. Exit codes: 0 success or clean stop, 1 failure, 2 wrong usage. */
final class Main {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int CALLED_WRONGLY = 2;

    /** With the start of the JVM a bundle is there within two seconds. */
    private static final Duration BUNDLE_PATIENCE = Duration.ofMillis(1500);

    private static final List<Subcommand> SUBCOMMANDS = List.of(
            new StartCommand(),
            new TopicsCommand(System.out, System.err),
            new GroupsCommand(System.out),
            new RecordsCommand(System.out),
            new TransactionsCommand(System.out, System.err, Clock.systemUTC()),
            new SettingsCommand(System.out),
            new DoctorCommand(System.out, Clock.systemUTC()),
            new DebugBundleCommand(System.out, Clock.systemUTC(), BUNDLE_PATIENCE),
            new ImportCommand(),
            LogCommand.VERIFY,
            LogCommand.DUMP,
            LogCommand.REPAIR,
            new PrepareCommand(),
            new CompletionCommand(System.out, Main::subcommands));

    private static final List<String> ARCHIVES = List.of("-XX:SharedArchiveFile=", "-XX:AOTCache=");

    /** Subcommands of other brokers' programs, for which users of Aeon take Kafka's tools: kafka-topics and so on. */
    private static final Set<String> KAFKAS =
            Set.of("acls", "configs", "console-consumer", "console-producer", "consumer-groups");

    private final PrintStream out;
    private final PrintStream err;
    private final Runnable endOfLog;

    /** @param endOfLog writes the log lines that wait; called before the last line of a failure is printed */
    Main(PrintStream out, PrintStream err, Runnable endOfLog) {
        this.out = out;
        this.err = err;
        this.endOfLog = endOfLog;
    }

    private static List<Subcommand> subcommands() {
        return SUBCOMMANDS;
    }

    /** @param arguments a subcommand and its options */
    public static void main(String[] arguments) {
        // Loading the logging library takes as long as reading the settings, so both run in parallel.
        new Thread(LoggerFactory::getILoggerFactory, "aeon-logging-start").start();
        int code = new Main(System.out, System.err, QueuedLog::end).run(List.of(arguments));
        QueuedLog.end();
        System.exit(code);
    }

    /**
     * Runs the given subcommand.
     *
     * @return the exit code
     */
    int run(List<String> arguments) {
        Optional<Subcommand> called =
                SUBCOMMANDS.stream().filter(each -> isCalled(each, arguments)).findFirst();
        if (arguments.contains("-V") || arguments.contains("--version")) {
            out.println(version());
            return OK;
        }
        if (arguments.contains("-h") || arguments.contains("--help")) {
            Help help = new Help(out);
            called.ifPresentOrElse(help::of, () -> help.commands(SUBCOMMANDS));
            return OK;
        }
        if (called.isEmpty()) {
            err.println("aeon: " + unknown(arguments));
            new Help(err).commands(SUBCOMMANDS);
            return CALLED_WRONGLY;
        }
        Subcommand subcommand = called.get();
        return run(subcommand, arguments.subList(words(subcommand).size(), arguments.size()));
    }

    private int run(Subcommand subcommand, List<String> arguments) {
        try {
            return subcommand.run(Given.to(subcommand, arguments));
        } catch (ParseException e) {
            err.println("aeon: " + e.getMessage());
            new Help(err).of(subcommand);
            return CALLED_WRONGLY;
        } catch (Exception e) {
            logFailure(subcommand, e);
            endOfLog.run();
            err.println("aeon: " + reason(e));
            return FAILED;
        }
    }

    private static String reason(Exception failure) {
        Throwable first = failure instanceof UncheckedIOException unchecked ? unchecked.getCause() : failure;
        if (first instanceof IOException problem) {
            return FileProblem.of(problem);
        }
        return failure.getMessage() == null ? "it failed: " + failure : failure.getMessage();
    }

    /** Logs the stack of a failure whose message is printed as one line; an expected failure only at level debug. */
    private static void logFailure(Subcommand subcommand, Exception e) {
        Logger log = LoggerFactory.getLogger(Main.class);
        if (e instanceof SettingsException || e instanceof StartException || e instanceof CommandException) {
            log.debug("{} failed", subcommand.words(), e);
        } else {
            log.error("{} failed", subcommand.words(), e);
        }
    }

    private static String unknown(List<String> arguments) {
        if (arguments.isEmpty()) {
            return "a command is missing";
        }
        String first = arguments.get(0);
        List<String> longer = SUBCOMMANDS.stream()
                .map(Subcommand::words)
                .filter(words -> words.startsWith(first + " "))
                .toList();
        if (!longer.isEmpty()) {
            return "there is no command " + String.join(" ", arguments) + "; there are " + String.join(", ", longer);
        }
        String named = "there is no command " + first;
        return KAFKAS.contains(first)
                ? named + "; use Kafka's own tools for that, here kafka-" + first + " --bootstrap-server HOST:PORT"
                : named;
    }

    private static boolean isCalled(Subcommand subcommand, List<String> arguments) {
        List<String> words = words(subcommand);
        return arguments.size() >= words.size()
                && arguments.subList(0, words.size()).equals(words);
    }

    private static List<String> words(Subcommand subcommand) {
        return List.of(subcommand.words().split(" "));
    }

    private static String version() {
        boolean archive = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .anyMatch(option -> ARCHIVES.stream().anyMatch(option::startsWith));
        return String.format(
                Locale.ROOT,
                "Aeon %s%nJDK %s at %s, %s start archive",
                Version.current(),
                Runtime.version(),
                System.getProperty("java.home"),
                archive ? "with" : "without");
    }
}
