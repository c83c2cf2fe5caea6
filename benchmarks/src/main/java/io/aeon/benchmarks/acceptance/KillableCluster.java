package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Aeon;
import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.ClusterNode;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.Kafka;
import io.aeon.benchmarks.broker.KafkaNode;
import io.aeon.benchmarks.broker.ProcessStats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;

/** Three nodes of a cluster, each in a process that can be killed and started again on the same ports. */
public final class KillableCluster implements AutoCloseable {
    public static final int NODES = 3;
    private static final int PATIENCE_MS = 180_000;
    private static final int ADMIN_TIMEOUT_S = 5;
    /**
     * A voter that has not fetched for so long is away, or is a former directory of a node. Kafka calls such a
     * directory an observer for five minutes after it has lost its vote, so that observers tell nothing.
     */
    private static final int SILENT_MS = 3000;

    private final BrokerProcess[] nodes = new BrokerProcess[NODES];
    private final int[] ports = new int[NODES];
    private final int[] controllerPorts = new int[NODES];
    private final Arguments arguments;
    private final Path directory;
    private final Checks checks;
    private final NodeNetwork network;
    private final Map<String, String> settings;
    private final List<KafkaNode> kafka;

    /** @param arguments {@code --broker}, {@code --flush} and {@code --heap} of the nodes */
    public KillableCluster(Arguments arguments, Path directory, Checks checks) throws Exception {
        this(arguments, directory, checks, new Loopback(), Map.of());
    }

    /** @param settings of each node, under Kafka's names */
    KillableCluster(
            Arguments arguments, Path directory, Checks checks, NodeNetwork network, Map<String, String> settings)
            throws Exception {
        this.arguments = arguments;
        this.directory = directory;
        this.checks = checks;
        this.network = network;
        this.settings = settings;
        for (int node = 0; node < NODES; node++) {
            ports[node] = BrokerProcess.freePort();
            controllerPorts[node] = BrokerProcess.freePort();
        }
        kafka = switch (arguments.text("broker", "aeon")) {
            case "aeon" -> List.of();
            case "kafka" ->
                KafkaNode.cluster(
                        new Kafka(arguments.text("heap", "")),
                        IntStream.range(0, NODES).mapToObj(network::address).toList(),
                        controllerPorts);
            default -> throw new IllegalArgumentException("--broker is aeon or kafka");
        };
    }

    private String addresses(int[] ports) {
        return IntStream.range(0, NODES)
                .mapToObj(node -> network.address(node) + ":" + ports[node])
                .collect(Collectors.joining(","));
    }

    public String bootstrap() {
        return addresses(ports);
    }

    NodeNetwork network() {
        return network;
    }

    String bootstrapControllers() {
        return addresses(controllerPorts);
    }

    /** The data directory of a node; nodes are counted from 0, their ids from 1. */
    Path data(int node) {
        return directory.resolve("node-" + (node + 1));
    }

    /** Where a node has the directories of its partitions. */
    public Path logs(int node) {
        return distribution(node, "").logs(data(node));
    }

    private Distribution distribution(int node, String join) {
        if (!kafka.isEmpty()) {
            return network.at(node, kafka.get(node));
        }
        Aeon aeon = new Aeon(arguments.text("flush", "sync"), arguments.text("heap", ""));
        String address = network.address(node);
        return network.at(node, new ClusterNode(aeon, node + 1, address, controllerPorts[node], join));
    }

    private void start(int node, String join, Map<String, String> more) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(more);
        nodes[node] = BrokerProcess.start(distribution(node, join), data(node), ports[node], all);
    }

    /** Starts all nodes. */
    public void start() throws Exception {
        start(0, "", Map.of());
        if (kafka.isEmpty()) {
            nodes[0].awaitReady();
        }
        for (int node = 1; node < NODES; node++) {
            start(node, addresses(controllerPorts), Map.of());
        }
    }

    void kill(int node) {
        nodes[node].kill();
    }

    /** SIGTERM; returns when it is gone. */
    public void stop(int node) throws IOException {
        nodes[node].stop();
    }

    /** @param name of the signal, such as STOP */
    void signal(int node, String name) throws IOException {
        Commands.run("kill", "-" + name, Long.toString(nodes[node].pid()));
    }

    /** Starts a node that was killed or stopped. */
    public void startAgain(int node) throws IOException {
        startAgain(node, Map.of());
    }

    /** @param more settings of the node, under Kafka's names; a node of Kafka keeps those of its first start */
    void startAgain(int node, Map<String, String> more) throws IOException {
        start(node, addresses(controllerPorts), more);
    }

    /** What Linux says of each node. */
    public List<ProcessStats> stats() {
        return Arrays.stream(nodes).map(BrokerProcess::stats).toList();
    }

    public void awaitFormed(Admin admin) {
        await(() -> isFormed(admin), "three brokers, and three voters with the whole metadata");
    }

    private static boolean isFormed(Admin admin) throws Exception {
        QuorumInfo quorum = soon(admin.describeMetadataQuorum().quorumInfo());
        long latestFetch = quorum.voters().stream()
                .mapToLong(voter -> voter.lastFetchTimestamp().orElse(0))
                .max()
                .orElse(0);
        return soon(admin.describeCluster().nodes()).size() == NODES
                && quorum.voters().size() == NODES
                && quorum.voters().stream()
                        .allMatch(voter -> voter.logEndOffset() >= quorum.highWatermark()
                                && voter.lastFetchTimestamp().orElse(0) > latestFetch - SILENT_MS);
    }

    /** The node that is the active controller. */
    static int activeController(Admin admin) throws Exception {
        return soon(admin.describeMetadataQuorum().quorumInfo()).leaderId() - 1;
    }

    private static <T> T soon(KafkaFuture<T> answer) throws Exception {
        return answer.get(ADMIN_TIMEOUT_S, TimeUnit.SECONDS);
    }

    static List<TopicPartitionInfo> partitions(Admin admin, String topic) throws Exception {
        return soon(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions();
    }

    public void awaitInSync(Admin admin, String topic) {
        await(() -> areInSync(partitions(admin, topic)), "all replicas of " + topic + " in sync");
    }

    /** The cluster is formed, and all replicas of all topics are in sync. */
    void awaitWhole(Admin admin) {
        await(() -> isFormed(admin) && isWhole(admin), "three brokers and voters, and all replicas in sync");
    }

    private static boolean isWhole(Admin admin) throws Exception {
        Set<String> topics = soon(
                admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
        return soon(admin.describeTopics(topics).allTopicNames()).values().stream()
                .allMatch(topic -> areInSync(topic.partitions()));
    }

    private static boolean areInSync(List<TopicPartitionInfo> partitions) {
        return partitions.stream()
                .allMatch(each -> each.leader() != null && each.isr().size() == NODES);
    }

    /** What the node has printed, its log included, since its first start. */
    Path output(int node) {
        return data(node).resolveSibling(data(node).getFileName() + ".out");
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
        network.close();
    }
}
