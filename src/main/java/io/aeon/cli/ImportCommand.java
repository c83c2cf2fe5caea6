package io.aeon.cli;

import io.aeon.embedded.KafkaImport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes over the data of an Apache Kafka node. */
@Command(
        name = "import",
        description = {
            "Make an Aeon data directory of a copy of what a stopped Apache Kafka left: topics with their ids and",
            "settings, records, groups and their offsets. Kafka's directory stays as it is."
        },
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", description = "Data directory to make.", required = true)
    private Path data = Path.of("data");

    @Parameters(
            paramLabel = "DIR",
            description = "The one log directory (log.dirs) of a node that was broker and controller.")
    private Path kafka = Path.of("");

    @Override
    public Integer call() {
        KafkaImport.Imported imported = KafkaImport.run(kafka, data);
        System.out.printf("%d partitions are in %s%n", imported.partitions(), data);
        imported.damaged().forEach(damage -> System.out.println("damaged: " + damage));
        return imported.damaged().isEmpty() ? 0 : 1;
    }
}
