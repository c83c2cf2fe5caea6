package io.aeon.benchmarks.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A node of a cluster of Aeon: broker and controller.
 *
 * @param host the address that both of its listeners bind
 * @param join controllers of the cluster as {@code host:port,...}; empty for the first start of the first node
 */
public record ClusterNode(Aeon aeon, int id, String host, int controllerPort, String join) implements Distribution {
    @Override
    public String name() {
        return aeon.name();
    }

    @Override
    public ProcessBuilder command(Path data, int port, Map<String, String> settings) {
        ProcessBuilder builder = aeon.command(data, port, settings);
        builder.command()
                .addAll(List.of(
                        "--node-id",
                        Integer.toString(id),
                        "--host",
                        host,
                        "--controller-port",
                        Integer.toString(controllerPort)));
        if (!join.isEmpty()) {
            builder.command().addAll(List.of("--join", join));
        }
        return builder;
    }

    @Override
    public Path logs(Path data) {
        return aeon.logs(data);
    }
}
