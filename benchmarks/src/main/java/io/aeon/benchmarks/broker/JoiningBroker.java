package io.aeon.benchmarks.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A node of a cluster, of Aeon or of Apache Kafka, that is only a broker.
 *
 * @param join controllers of the cluster as {@code host:port,...}
 */
public record JoiningBroker(Aeon aeon, int id, String join) implements Distribution {
    @Override
    public String name() {
        return aeon.name();
    }

    @Override
    public ProcessBuilder command(Path data, int port, Map<String, String> settings) {
        ProcessBuilder builder = aeon.command(data, port, settings);
        builder.command().addAll(List.of("--node-id", Integer.toString(id), "--join", join));
        return builder;
    }

    @Override
    public Path logs(Path data) {
        return aeon.logs(data);
    }
}
