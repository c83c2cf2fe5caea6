package io.aeon.metrics;

import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmClassLoadingMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The metrics of the JVM and of its process; several brokers in one JVM have the same. */
final class ProcessMetrics {
    private static final Path IO = Path.of("/proc/self/io");
    private static final PrometheusRegistry JVM = registry();

    private ProcessMetrics() {}

    private static PrometheusRegistry registry() {
        PrometheusRegistry registry = new PrometheusRegistry();
        JvmBufferPoolMetrics.builder().register(registry);
        JvmClassLoadingMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmMemoryMetrics.builder().register(registry);
        JvmRuntimeInfoMetric.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
        io.prometheus.metrics.instrumentation.jvm.ProcessMetrics.builder().register(registry);
        return registry;
    }

    static void collect(Families families) {
        families.add(JVM.scrape());
        Map<String, Long> io = io();
        disk(families, "read", io.get("read_bytes"));
        disk(families, "write", io.get("write_bytes"));
    }

    private static void disk(Families families, String direction, @Nullable Long bytes) {
        if (bytes != null) {
            families.gauge(
                    "kafka_server_kafkaserver_linux_disk_" + direction + "_bytes",
                    "Bytes that the process has had the disk " + direction + " (Linux only).",
                    bytes);
        }
    }

    /** What Linux counts of the process; empty on other systems, and where the process may not read it. */
    private static Map<String, Long> io() {
        Map<String, Long> counts = new HashMap<>();
        try {
            for (String line : Files.readAllLines(IO)) {
                int colon = line.indexOf(": ");
                counts.put(line.substring(0, colon), Long.parseLong(line.substring(colon + 2)));
            }
        } catch (IOException e) {
            return Map.of();
        }
        return counts;
    }
}
