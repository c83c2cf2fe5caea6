package io.aeon.cli;

import io.aeon.embedded.KafkaImport;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Imports the data of an Apache Kafka node. */
final class ImportCommand implements Subcommand {
    private static final String DATA = "data";

    @Override
    public String words() {
        return "import";
    }

    @Override
    public String summary() {
        return "Copy the data of a stopped Apache Kafka node into a new data directory.";
    }

    @Override
    public String more() {
        return "Topics keep their ids, settings and records, and groups keep their offsets. What has no effect in Aeon is"
                + " listed before anything is written. Kafka's directory is not changed. DIR is the only log directory"
                + " (log.dirs) of a node that was both broker and controller, and the only one of its cluster.";
    }

    @Override
    public String operand() {
        return "DIR";
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(Option.builder()
                        .longOpt(DATA)
                        .hasArg()
                        .argName("DIR")
                        .required()
                        .desc("Data directory to create; required.")
                        .get());
    }

    @Override
    public int run(Given given) {
        Path data = given.path(DATA).orElseThrow();
        KafkaImport.Imported imported =
                KafkaImport.run(given.operand(), data, ImportCommand::tell, System.err::println);
        System.out.printf(
                Locale.ROOT, "%d partitions are in %s, %s%n", imported.partitions(), data, imported.summary());
        imported.damaged().forEach(damage -> System.out.println("damaged: " + damage));
        return imported.damaged().isEmpty() ? Main.OK : Main.FAILED;
    }

    private static void tell(List<String> withoutEffect) {
        if (!withoutEffect.isEmpty()) {
            System.out.println("This is copied and has no effect in Aeon:");
            withoutEffect.forEach(line -> System.out.println("  " + line));
        }
    }
}
