package io.aeon.cli;

import io.aeon.embedded.StoppedLogs;
import java.util.Locale;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Looks at the logs of a stopped broker, or repairs them. */
enum LogCommand implements Subcommand {
    VERIFY("Read all logs of a stopped broker and say what is damaged, and where.", "Exit code 1 if records are.") {
        @Override
        int run(StoppedLogs logs, Given given) {
            return logs.verify(System.out::println) ? Main.OK : Main.FAILED;
        }
    },
    DUMP("Print one line for each batch in the logs of a stopped broker.", "Exit code 1 if some are damaged.") {
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
            "Cut out of damaged logs what is not whole, so that the broker opens them again.",
            "The files are kept as they were, beside the partition in <partition>.cut.<n>.") {
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
        try (StoppedLogs logs = new StoppedLogs(given.operand())) {
            return run(logs, given);
        }
    }
}
