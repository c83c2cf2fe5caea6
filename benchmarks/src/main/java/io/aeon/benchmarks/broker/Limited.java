package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A broker that may hold no more than so many descriptors, as under {@code ulimit -n}. */
public record Limited(Distribution broker, int descriptors) implements Distribution {
    @Override
    public String name() {
        return broker.name();
    }

    @Override
    public ProcessBuilder command(Path data, int port, Map<String, String> settings) throws IOException {
        ProcessBuilder command = broker.command(data, port, settings);
        List<String> limited =
                new ArrayList<>(List.of("bash", "-c", "ulimit -n " + descriptors + " && exec \"$0\" \"$@\""));
        limited.addAll(command.command());
        return command.command(limited);
    }

    @Override
    public Path logs(Path data) {
        return broker.logs(data);
    }
}
