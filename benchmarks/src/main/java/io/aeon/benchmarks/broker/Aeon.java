package io.aeon.benchmarks.broker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The distribution that this repository builds, started the way its README says.
 *
 * @param flush when appended records are forced to the disk: sync, interval or os
 * @param heap the heap's maximum as the JVM writes it (512m), or empty for the launcher's default
 * @param jvmOptions more options for its JVM, without spaces
 */
public record Aeon(String flush, String heap, List<String> jvmOptions) implements Distribution {
    public Aeon(String flush, String heap) {
        this(flush, heap, List.of());
    }

    @Override
    public String name() {
        return "aeon-" + flush;
    }

    @Override
    public ProcessBuilder command(Path data, int port, Map<String, String> settings) {
        List<String> command = new ArrayList<>(List.of(Home.aeon().toString(), "start"));
        command.addAll(List.of("--data", data.toString(), "--port", Integer.toString(port)));
        command.add("-Daeon.log.flush=" + flush);
        settings.forEach((name, value) -> command.add("-Daeon.kafka." + name + "=" + value));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", Jdk.OF_BROKERS.home());
        List<String> options = new ArrayList<>(jvmOptions);
        if (!heap.isEmpty()) {
            options.add("-Xmx" + heap);
        }
        if (!options.isEmpty()) {
            builder.environment().put("AEON_JVM_OPTS", String.join(" ", options));
        }
        return builder;
    }

    @Override
    public Path logs(Path data) {
        return data;
    }
}
