package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node of Apache Kafka that joins a cluster: broker and controller. Its controller is no voter before an
 * administrator adds it.
 *
 * @param join controllers of the cluster as {@code host:port,...}
 */
public record JoiningKafka(Kafka kafka, int id, int controllerPort, String clusterId, String join)
        implements Distribution {
    @Override
    public String name() {
        return kafka.name();
    }

    @Override
    public ProcessBuilder command(Path data, int port, Map<String, String> settings) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("node.id", Integer.toString(id));
        all.put("controller.quorum.bootstrap.servers", join);
        all.putAll(settings);
        return kafka.command(data, port, controllerPort, all, List.of("-t", clusterId, "--no-initial-controllers"));
    }

    @Override
    public Path logs(Path data) {
        return kafka.logs(data);
    }
}
