package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A broker in a network namespace of its own. Needs root and iproute2. */
public record InNamespace(Distribution inner, String namespace) implements Distribution {
    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public String host() {
        return inner.host();
    }

    @Override
    public ProcessBuilder command(Path data, int port, Map<String, String> settings) throws IOException {
        ProcessBuilder builder = inner.command(data, port, settings);
        builder.command().addAll(0, List.of("ip", "netns", "exec", namespace));
        return builder;
    }

    @Override
    public Path logs(Path data) {
        return inner.logs(data);
    }
}
