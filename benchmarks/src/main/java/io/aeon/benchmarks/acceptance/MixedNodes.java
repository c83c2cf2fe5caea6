package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Aeon;
import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.ClusterNode;
import io.aeon.benchmarks.broker.Distribution;
import io.aeon.benchmarks.broker.JoiningBroker;
import io.aeon.benchmarks.broker.JoiningKafka;
import io.aeon.benchmarks.broker.Kafka;
import io.aeon.benchmarks.broker.KafkaNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The nodes of one cluster by their ids, some of Aeon and some of Apache Kafka, each in a process of its own. */
final class MixedNodes implements AutoCloseable {
    /** The start of a node counts here, not its speed under long load. */
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1");

    private static final String HOST = "127.0.0.1";
    private static final Map<String, String> OF_KAFKA = Map.of(
            "offsets.topic.num.partitions", "10",
            "offsets.topic.replication.factor", "3",
            "transaction.state.log.num.partitions", "10",
            "transaction.state.log.replication.factor", "3",
            "transaction.state.log.min.isr", "2",
            "group.initial.rebalance.delay.ms", "0",
            "initial.broker.registration.timeout.ms", "240000");

    private final Map<Integer, Integer> ports = new LinkedHashMap<>();
    private final Map<Integer, Integer> controllerPorts = new LinkedHashMap<>();
    private final Map<Integer, BrokerProcess> running = new TreeMap<>();
    private final Map<Integer, Path> logs = new TreeMap<>();
    private final Path directory;
    private final Kafka kafka;
    private final Aeon aeon;
    private String clusterId = "";

    /**
     * @param arguments {@code --flush}, {@code --heap} and {@code --kafka-heap}
     * @param ids of all nodes that there will be
     */
    MixedNodes(Arguments arguments, Path directory, List<Integer> ids) throws IOException {
        this.directory = directory;
        this.kafka = new Kafka(arguments.text("kafka-heap", "512m"), SHORT_LIVED);
        this.aeon = new Aeon(arguments.text("flush", "sync"), arguments.text("heap", ""));
        for (int id : ids) {
            ports.put(id, BrokerProcess.freePort());
            controllerPorts.put(id, BrokerProcess.freePort());
        }
    }

    /** The addresses of all nodes that there will be, since clients outlive each of them. */
    String bootstrap() {
        return addresses(ports.values());
    }

    private static String addresses(Collection<Integer> ports) {
        return ports.stream().map(port -> HOST + ":" + port).collect(Collectors.joining(","));
    }

    /** The addresses of controllers as {@code host:port,...}. */
    String controllers(Collection<Integer> ids) {
        return addresses(ids.stream().map(controllerPorts::get).toList());
    }

    private Path data(int id) {
        return directory.resolve("node-" + id);
    }

    /** Where a node keeps, or kept, its partitions. */
    Path logs(int id) {
        return logs.get(id);
    }

    /** The settings of a node of Apache Kafka. */
    Path properties(int id) {
        return data(id).resolve("server.properties");
    }

    /** The ids of the nodes that run. */
    Collection<Integer> ids() {
        return List.copyOf(running.keySet());
    }

    private void start(int id, Distribution distribution, Map<String, String> settings) throws IOException {
        logs.put(id, distribution.logs(data(id)));
        running.put(id, BrokerProcess.start(distribution, data(id), ports.get(id), settings));
    }

    /** Starts a cluster of Apache Kafka; all of its nodes are voters, and their ids are counted from 1. */
    void found(int count) throws IOException {
        List<KafkaNode> founders = KafkaNode.cluster(
                kafka,
                Collections.nCopies(count, HOST),
                range(1, count).stream().mapToInt(controllerPorts::get).toArray());
        clusterId = founders.get(0).clusterId();
        for (KafkaNode node : founders) {
            // Formats the directory: a node that is started long before the others gives up.
            node.command(data(node.id()), ports.get(node.id()), OF_KAFKA);
        }
        for (KafkaNode node : founders) {
            start(node.id(), node, OF_KAFKA);
        }
        for (BrokerProcess node : running.values()) {
            node.awaitReady();
        }
    }

    /** Adds a node of Apache Kafka, which is no voter yet. */
    void joinKafka(int id, Collection<Integer> voters) throws IOException {
        start(id, new JoiningKafka(kafka, id, controllerPorts.get(id), clusterId, controllers(voters)), OF_KAFKA);
        running.get(id).awaitReady();
    }

    /** Adds a broker of Aeon. */
    void joinAeon(int id, Collection<Integer> voters) throws IOException {
        start(id, new JoiningBroker(aeon, id, controllers(voters)), Map.of());
        running.get(id).awaitReady();
    }

    /** Starts a broker of Aeon again as a controller too; it becomes a voter by itself. */
    void startAsController(int id, Collection<Integer> voters) throws IOException {
        start(id, new ClusterNode(aeon, id, HOST, controllerPorts.get(id), controllers(voters)), Map.of());
        running.get(id).awaitReady();
    }

    /** What a broker of Aeon prints that does not start. */
    String refusal(int id, Collection<Integer> voters) throws IOException {
        try {
            joinAeon(id, voters);
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } finally {
            running.remove(id).close();
        }
    }

    /** Stops a node by SIGTERM: its exit status. */
    int stop(int id) throws IOException {
        return running.remove(id).stop();
    }

    static List<Integer> range(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    @Override
    public void close() {
        running.values().forEach(BrokerProcess::close);
    }
}
