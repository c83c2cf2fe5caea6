package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Aeon;
import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.ClusterNode;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Kafka;
import io.aeon.benchmarks.broker.KafkaNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartitionInfo;

/** Three nodes of a cluster, each in a process that can be killed and started again on the same ports. */
final class KillableCluster implements AutoCloseable {
    static final int NODES = 3;
    private static final int PATIENCE_MS = 60_000;
    private static final int ADMIN_TIMEOUT_S = 5;

    private final BrokerProcess[] nodes = new BrokerProcess[NODES];
    private final int[] ports = new int[NODES];
    private final int[] controllerPorts = new int[NODES];
    private final Arguments arguments;
    private final Path directory;
    private final Checks checks;
    private final List<KafkaNode> kafka;

    /** @param arguments {@code --broker}, {@code --flush} and {@code --heap} of the nodes */
    KillableCluster(Arguments arguments, Path directory, Checks checks) throws Exception {
        this.arguments = arguments;
        this.directory = directory;
        this.checks = checks;
        for (int node = 0; node < NODES; node++) {
            ports[node] = BrokerProcess.freePort();
            controllerPorts[node] = BrokerProcess.freePort();
        }
        kafka = switch (arguments.text("broker", "aeon")) {
            case "aeon" -> List.of();
            case "kafka" -> KafkaNode.cluster(new Kafka(arguments.text("heap", "")), controllerPorts);
            default -> throw new IllegalArgumentException("--broker is aeon or kafka");
        };
    }

    private static String addresses(int[] ports) {
        return IntStream.of(ports).mapToObj(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    String bootstrap() {
        return addresses(ports);
    }

    String bootstrapControllers() {
        return addresses(controllerPorts);
    }

    /** The data directory of a node; nodes are counted from 0, their ids from 1. */
    Path data(int node) {
        return directory.resolve("node-" + (node + 1));
    }

    /** Where a node has the directories of its partitions. */
    Path logs(int node) {
        return distribution(node, "").logs(data(node));
    }

    private Distribution distribution(int node, String join) {
        if (!kafka.isEmpty()) {
            return kafka.get(node);
        }
        Aeon aeon = new Aeon(arguments.text("flush", "sync"), arguments.text("heap", ""));
        return new ClusterNode(aeon, node + 1, controllerPorts[node], join);
    }

    private void start(int node, String join) throws IOException {
        nodes[node] = BrokerProcess.start(distribution(node, join), data(node), ports[node], Map.of());
    }

    /** Starts all nodes. */
    void start() throws Exception {
        start(0, "");
        if (kafka.isEmpty()) {
            nodes[0].awaitReady();
        }
        for (int node = 1; node < NODES; node++) {
            start(node, addresses(controllerPorts));
        }
    }

    void kill(int node) {
        nodes[node].kill();
    }

    /** SIGTERM; returns when it is gone. */
    void stop(int node) throws IOException {
        nodes[node].stop();
    }

    /** Starts a node that was killed or stopped. */
    void startAgain(int node) throws IOException {
        start(node, addresses(controllerPorts));
    }

    void awaitFormed(Admin admin) {
        await(
                () -> admin.describeCluster()
                                        .nodes()
                                        .get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS)
                                        .size()
                                == NODES
                        && admin.describeMetadataQuorum()
                                        .quorumInfo()
                                        .get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS)
                                        .voters()
                                        .size()
                                == NODES,
                "three brokers and three voters");
    }

    static List<TopicPartitionInfo> partitions(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS)
                .get(topic)
                .partitions();
    }

    void awaitInSync(Admin admin, String topic) {
        await(
                () -> partitions(admin, topic).stream()
                        .allMatch(each -> each.leader() != null && each.isr().size() == NODES),
                "all replicas of " + topic + " in sync");
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void await(Condition condition, String what) {
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS)) {
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (ExecutionException e) {
                checks.note("asked again: %s", e.getCause());
            } catch (Exception e) {
                checks.note("asked again: %s", e);
            }
            BrokerProcess.pause(100);
        }
        throw new IllegalStateException("not within " + PATIENCE_MS + " ms: " + what + "; " + directory);
    }

    @Override
    public void close() {
        Arrays.stream(nodes).filter(node -> node != null).forEach(BrokerProcess::close);
    }
}
