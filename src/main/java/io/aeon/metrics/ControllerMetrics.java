package io.aeon.metrics;

import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Broker;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.metadata.QuorumView;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The metrics of the controller, from a node that is one, and of its raft client and its broker, from every node. */
final class ControllerMetrics {
    private static final String TOTAL = "_total";
    private static final String CONTROLLER = "kafka_controller_kafkacontroller_";
    private static final String CHANNEL = "kafka_server_raftchannelmetrics_";

    /** What boards query. A node without other controllers has no channel to them, and has sent nothing. */
    private static final Map<String, Object> NO_TRAFFIC =
            Map.of("incoming-byte-total", 0, "outgoing-byte-total", 0, "request-total", 0, "response-total", 0);

    private final Families families;
    private final ClusterImage image;

    private ControllerMetrics(ClusterImage image, Families families) {
        this.image = image;
        this.families = families;
    }

    /**
     * @param self id of this node
     * @param uncleanElections number of leaders that were not in sync when they were elected
     */
    static void collect(QuorumView quorum, ClusterImage image, int self, long uncleanElections, Families families) {
        ControllerMetrics metrics = new ControllerMetrics(image, families);
        if (quorum.isController()) {
            metrics.ofController(quorum.isActive(), uncleanElections);
        }
        metrics.ofRaft("kafka_server_raftmetrics_", "Kafka's raft-metrics.", quorum.raft());
        metrics.ofRaft(
                CHANNEL, "Kafka's raft-channel-metrics.", quorum.channel().isEmpty() ? NO_TRAFFIC : quorum.channel());
        families.gauge(
                "kafka_server_brokermetadatametrics_last_applied_record_offset",
                "Offset of the last metadata record that this broker has applied.",
                image.offset());
        families.gauge("kafka_brokers", "Brokers of the cluster that are in service.", brokers(image, false));
        image.broker(self)
                .flatMap(broker -> broker.endpoint(List.of()))
                .ifPresent(endpoint -> families.info(
                        "kafka_broker_info",
                        "This broker and the address by which the cluster knows it.",
                        Labels.of("id", Integer.toString(self), "address", endpoint.host() + ":" + endpoint.port())));
    }

    private void ofController(boolean isActive, long uncleanElections) {
        families.gauge(
                CONTROLLER + "activecontrollercount", "1 if this node is the active controller.", isActive ? 1 : 0);
        families.gauge(CONTROLLER + "activebrokercount", "Brokers in service.", brokers(image, false));
        families.gauge(CONTROLLER + "fencedbrokercount", "Brokers out of service.", brokers(image, true));
        families.gauge(
                CONTROLLER + "globaltopiccount",
                "Topics of the cluster.",
                image.topics().size());
        families.gauge(
                CONTROLLER + "globalpartitioncount", "Partitions of the cluster.", partitions(partition -> true));
        families.gauge(
                CONTROLLER + "offlinepartitionscount",
                "Partitions of the cluster without a leader.",
                partitions(this::isOffline));
        families.gauge(
                CONTROLLER + "preferredreplicaimbalancecount",
                "Partitions of the cluster whose leader is not the first of their replicas.",
                partitions(partition -> !partition.isLedBy(partition.replicas().get(0))));
        families.counter(
                "kafka_controller_controllerstats_uncleanleaderelections_total",
                "Leaders that were not in sync when they were elected, since this node began.",
                (double) uncleanElections);
    }

    private static long brokers(ClusterImage image, boolean fenced) {
        return image.brokers().stream()
                .map(Broker::fenced)
                .filter(each -> each == fenced)
                .count();
    }

    /** A sole replica leads also while no leader is elected, if its broker is in service. */
    private boolean isOffline(Partition partition) {
        int first = partition.replicas().get(0);
        return partition.leader() < 0 && !(partition.isLedBy(first) && isInService(first));
    }

    private boolean isInService(int broker) {
        return image.broker(broker).filter(known -> !known.fenced()).isPresent();
    }

    private long partitions(Predicate<Partition> condition) {
        return image.topics().stream()
                .map(Topic::partitions)
                .flatMap(List::stream)
                .filter(condition)
                .count();
    }

    private void ofRaft(String prefix, String help, Map<String, Object> values) {
        values.forEach((kafkaName, value) -> {
            String name = prefix + kafkaName.replace('-', '_');
            if (value instanceof Number number && name.endsWith(TOTAL)) {
                families.counter(name, help, Math.max(0, number.doubleValue()));
            } else if (value instanceof Number number) {
                families.gauge(name, help, number.doubleValue());
            } else {
                String label = kafkaName.replace('-', '_');
                families.gauges(
                        name, help, List.of(value), state -> Labels.of(label, String.valueOf(state)), state -> 1);
            }
        });
    }
}
