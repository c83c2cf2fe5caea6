package io.aeon.cli;

import io.aeon.embedded.StoppedLogs;
import java.util.Locale;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Checks, prints or repairs the logs of a stopped broker. */
enum LogCommand implements Subcommand {
    VERIFY("Check all logs of a stopped broker and report damage.", "Exit code 1 if records are damaged.") {
        @Override
        int run(StoppedLogs logs, Given given) {
            return logs.verify(System.out::println) ? Main.OK : Main.FAILED;
        }
    },
    DUMP("Print one line for each batch in the logs of a stopped broker.", "Exit code 1 if a log is damaged.") {
        @Override
        public Options options() {
            return new Options()
                    .addOption(Option.builder()
                            .longOpt(RECORDS)
                            .desc("Print the records of each batch too.")
                            .get());
        }

        @Override
        int run(StoppedLogs logs, Given given) {
            return logs.dump(given.has(RECORDS), System.out::println) ? Main.OK : Main.FAILED;
        }
    },
    REPAIR(
            "Remove damaged bytes from the logs of a stopped broker, so that it can open them again.",
            "The original files are kept beside the partition, in the directory <partition>.cut.<n>.") {
        @Override
        int run(StoppedLogs logs, Given given) {
            logs.repair(System.out::println);
            return Main.OK;
        }
    };

    private static final String DIRECTORY = "DIR is a data directory, or the directory of one partition in it.";
    private static final String RECORDS = "records";

    private final String summary;
    private final String more;

    LogCommand(String summary, String more) {
        this.summary = summary;
        this.more = more + " " + DIRECTORY;
    }

    abstract int run(StoppedLogs logs, Given given);

    @Override
    public String words() {
        return "log " + name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String summary() {
        return summary;
    }

    @Override
    public String more() {
        return more;
    }

    @Override
    public String operand() {
        return "DIR";
    }

    @Override
    public int run(Given given) {
        try (StoppedLogs logs = new StoppedLogs(given.operand(), LogCommand::tell)) {
            return run(logs, given);
        }
    }

    private static void tell(String progress) {
        System.err.println(progress);
    }
}
