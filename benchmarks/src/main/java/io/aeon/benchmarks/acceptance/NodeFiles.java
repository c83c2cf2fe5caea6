package io.aeon.benchmarks.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the nodes of a cluster have written: the logs of partitions, and lines about themselves. */
final class NodeFiles {
    private static final int ERRORS_SHOWN = 20;
    /** Kafka's controller says so when a step of it took two seconds, which it does on a busy machine. */
    private static final String SLOW_MACHINE = " EventPerformanceMonitor ";

    private final KillableCluster cluster;
    private final Checks checks;

    NodeFiles(KillableCluster cluster, Checks checks) {
        this.cluster = cluster;
        this.checks = checks;
    }

    /** All replicas are the same, byte by byte. The load was short of a segment, so each is one file. */
    void checkReplicas(String topic, int partitions) throws IOException {
        for (int partition = 0; partition < partitions; partition++) {
            Path log = Path.of(topic + "-" + partition, "00000000000000000000.log");
            Path first = cluster.logs(0).resolve(log);
            for (int node = 1; node < KillableCluster.NODES; node++) {
                long differs = Files.mismatch(first, cluster.logs(node).resolve(log));
                checks.that(
                        differs < 0,
                        "%s %d: the log of node %d is that of node 1, %d bytes (%d)",
                        topic,
                        partition,
                        node + 1,
                        Files.size(first),
                        differs);
            }
        }
    }

    /** No node has logged an error. */
    void checkErrors() throws IOException {
        for (int node = 0; node < KillableCluster.NODES; node++) {
            try (Stream<String> lines = Files.lines(cluster.output(node))) {
                List<String> errors = lines.filter(line -> line.contains(" ERROR ") && !line.contains(SLOW_MACHINE))
                        .toList();
                checks.that(errors.isEmpty(), "node %d logged %d lines of level ERROR", node + 1, errors.size());
                errors.stream().limit(ERRORS_SHOWN).forEach(line -> checks.note("%s", line));
            }
        }
    }
}
