package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** One kind of broker: how it is started on a data directory and a port of 127.0.0.1. */
public interface Distribution {
    String name();

    /**
     * The command that becomes the broker. It may prepare the directory first, which is not part of the start.
     *
     * @param settings broker settings under Kafka's names
     */
    ProcessBuilder command(Path data, int port, Map<String, String> settings) throws IOException;

    /** Where it keeps the directories of its partitions. */
    Path logs(Path data);

    /** The one that {@code --broker} names. */
    static Distribution of(Arguments arguments) {
        String name = arguments.text("broker", "aeon");
        String heap = arguments.text("heap", "");
        return switch (name) {
            case "aeon" -> new Aeon(arguments.text("flush", "sync"), heap);
            case "kafka" -> new Kafka(heap);
            default -> throw new IllegalArgumentException("--broker is aeon or kafka, not " + name);
        };
    }
}
