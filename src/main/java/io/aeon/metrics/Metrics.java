package io.aeon.metrics;

import io.aeon.api.RequestCounters;
import io.aeon.broker.BrokerServices;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The metrics of one broker, collected anew for each scrape. Thread-safe. */
public final class Metrics {
    private final Metadata metadata;
    private final BrokerServices services;
    private final RequestCounters requests;
    private final Supplier<Map<String, Integer>> connections;
    private final Idleness idleness;
    private final PartitionChanges changes;

    /**
     * @param requests of clients
     * @param connections open ones by listener
     * @param workers the threads that serve the connections and the requests
     */
    public Metrics(
            Metadata metadata,
            BrokerServices services,
            RequestCounters requests,
            Supplier<Map<String, Integer>> connections,
            List<? extends Thread> workers) {
        this.metadata = metadata;
        this.services = services;
        this.requests = requests;
        this.connections = connections;
        this.idleness = new Idleness(workers);
        this.changes = new PartitionChanges(metadata.nodeId());
        metadata.subscribe(changes::see);
    }

    /**
     * Collects all metrics. Blocks for at most two seconds while parts of the broker are busy; their metrics are left
     * out then.
     */
    public Scrape scrape() {
        Families families = new Families();
        ClusterImage image = metadata.image();
        PartitionSurvey survey = PartitionSurvey.of(metadata, services);
        PartitionMetrics.collect(survey, changes, families);
        TopicMetrics.collect(services.counters(), image, metadata.nodeId(), families);
        RequestMetrics.collect(requests, families);
        GroupMetrics.collect(services.groups(), survey, families);
        families.histogram(
                "aeon_fsync_seconds",
                "Time of an fsync of a partition's log.",
                Map.of(Labels.EMPTY, services.counters().fsyncs()));
        ServerMetrics.collect(connections.get(), idleness.measure(), services.disks(), families);
        ControllerMetrics.collect(metadata.quorum(), image, metadata.nodeId(), changes.uncleanElections(), families);
        ProcessMetrics.collect(families);
        return new Scrape(families.snapshots());
    }
}
