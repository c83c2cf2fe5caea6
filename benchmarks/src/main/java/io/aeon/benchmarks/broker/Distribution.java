package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One kind of broker: how it is started on a data directory and a port. */
public interface Distribution {
    String name();

    /** The address that its listener binds. */
    default String host() {
        return "127.0.0.1";
    }

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
        return of(arguments, List.of());
    }

    /** The same, with more options for its JVM. */
    static Distribution of(Arguments arguments, List<String> jvmOptions) {
        String name = arguments.text("broker", "aeon");
        String heap = arguments.text("heap", "");
        return switch (name) {
            case "aeon" -> new Aeon(arguments.text("flush", "sync"), heap, jvmOptions);
            case "kafka" -> new Kafka(heap, jvmOptions);
            default -> throw new IllegalArgumentException("--broker is aeon or kafka, not " + name);
        };
    }
}
