package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Home;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Kafka's kafka-replica-verification on a cluster that rests: it reads all replicas from the beginning and compares
 * them.
 */
final class ReplicaVerification {
    private static final int LIMIT_S = 300;
    private static final int LINES_SHOWN = 5;

    private ReplicaVerification() {}

    /** @param topics a regular expression */
    static void check(String bootstrap, String topics, Checks checks) throws IOException {
        Process tool = new ProcessBuilder(Home.program(
                        "tools",
                        List.of("-Xmx512M"),
                        "org.apache.kafka.tools.ReplicaVerificationTool",
                        List.of(
                                "--broker-list",
                                bootstrap,
                                "--topics-include",
                                topics,
                                "--time",
                                "-2",
                                "--report-interval-ms",
                                "1000")))
                .redirectErrorStream(true)
                .start();
        Executor late = CompletableFuture.delayedExecutor(LIMIT_S, TimeUnit.SECONDS);
        late.execute(tool::destroyForcibly);
        List<String> printed = new ArrayList<>();
        boolean all = false;
        try (BufferedReader lines = tool.inputReader()) {
            for (String line = lines.readLine(); line != null && !all; line = lines.readLine()) {
                printed.add(line);
                all = line.contains("max lag is 0 ");
            }
        } finally {
            tool.destroyForcibly();
        }
        boolean differ = printed.stream()
                .anyMatch(
                        line -> line.contains("doesn't match") || line.contains("unmatched") || line.contains("Error"));
        checks.that(all && !differ, "kafka-replica-verification: %s", printed.get(printed.size() - 1));
        if (!all || differ) {
            printed.stream().skip(Math.max(0, printed.size() - LINES_SHOWN)).forEach(line -> checks.note("%s", line));
        }
    }
}
