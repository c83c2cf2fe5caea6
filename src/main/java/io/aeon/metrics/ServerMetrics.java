package io.aeon.metrics;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.Disks;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;

/** The connections, the threads and the data directories of the broker. */
final class ServerMetrics {
    private ServerMetrics() {}

    /**
     * @param connections open ones by listener
     * @param idleness from 0 to 1; Kafka has two pools where this broker has one
     */
    static void collect(Map<String, Integer> connections, double idleness, Disks disks, Families families) {
        families.gauges(
                "kafka_server_socket_server_metrics_connection_count",
                "Open connections of clients.",
                connections.entrySet(),
                each -> Labels.of("listener", each.getKey(), "networkProcessor", "0"),
                Map.Entry::getValue);
        families.gauge(
                "kafka_network_socketserver_networkprocessoravgidle_percent",
                "Part of the time, from 0 to 1, in which the broker's threads have nothing to do.",
                idleness);
        families.gauge(
                "kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent",
                "The same: one pool of threads serves the network and the requests.",
                idleness);
        families.gauge(
                "kafka_log_logmanager_offlinelogdirectorycount",
                "Data directories that cannot be used.",
                disks.directories().size()
                        - disks.usable().stream().filter(ServerMetrics::works).count());
        families.gauges(
                "aeon_data_dir_space_low",
                "1 if the data directory has less free space than aeon.log.min-free-bytes.",
                disks.usable(),
                disk -> Labels.of("directory", disk.toString()),
                disk -> disk.space().isLow() ? 1 : 0);
    }

    private static boolean works(Disk disk) {
        return disk.health().problem().isEmpty();
    }
}
