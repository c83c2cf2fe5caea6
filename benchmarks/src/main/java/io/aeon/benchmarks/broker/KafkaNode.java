package io.aeon.benchmarks.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * A node of a cluster of Apache Kafka: broker and controller, and one of the voters with which the quorum begins.
 *
 * @param host the address that both of its listeners bind
 * @param founders all of these voters, as {@code id@host:port:directory,...}
 */
public record KafkaNode(Kafka kafka, int id, String host, int controllerPort, String clusterId, String founders)
        implements Distribution {
    /** The nodes of a new cluster; their ids are counted from 1. */
    public static List<KafkaNode> cluster(Kafka kafka, List<String> hosts, int[] controllerPorts) {
        String clusterId = Uuid.randomUuid().toString();
        String founders = IntStream.range(0, hosts.size())
                .mapToObj(node ->
                        node + 1 + "@" + hosts.get(node) + ":" + controllerPorts[node] + ":" + Uuid.randomUuid())
                .collect(Collectors.joining(","));
        return IntStream.range(0, hosts.size())
                .mapToObj(node ->
                        new KafkaNode(kafka, node + 1, hosts.get(node), controllerPorts[node], clusterId, founders))
                .toList();
    }

    @Override
    public String name() {
        return kafka.name();
    }

    @Override
    public ProcessBuilder command(Path data, int port, Map<String, String> settings) throws IOException {
        String listeners = "PLAINTEXT://" + host + ":" + port + ",CONTROLLER://" + host + ":" + controllerPort;
        Map<String, String> ofCluster = new LinkedHashMap<>();
        ofCluster.put("node.id", Integer.toString(id));
        ofCluster.put("listeners", listeners);
        ofCluster.put("advertised.listeners", listeners);
        ofCluster.put("controller.quorum.bootstrap.servers", founders.replaceAll("\\d+@([^,]*):[^:,]+", "$1"));
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            ofCluster.put(topic + ".replication.factor", "3");
        }
        ofCluster.put("transaction.state.log.min.isr", "2");
        ofCluster.put("share.coordinator.state.topic.min.isr", "2");
        ofCluster.putAll(settings);
        return kafka.command(
                data, port, controllerPort, ofCluster, List.of("-t", clusterId, "--initial-controllers", founders));
    }

    @Override
    public Path logs(Path data) {
        return kafka.logs(data);
    }
}
