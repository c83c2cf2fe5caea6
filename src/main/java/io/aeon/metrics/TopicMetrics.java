package io.aeon.metrics;

import io.aeon.counters.BrokerCounters;
import io.aeon.counters.TopicTraffic.Totals;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Topic;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The traffic of topics, for each topic and, without a label, for all of them. A topic has metrics of its own from its
 * first use on.
 */
final class TopicMetrics {
    /** The number of topics with metrics of their own. */
    static final int MOST = 5_000;

    /** What one line tells. */
    private record Traffic(Labels labels, Totals totals) {}

    private final List<Traffic> traffic = new ArrayList<>();
    private final Families families;

    private TopicMetrics(BrokerCounters counters, ClusterImage image, Families families) {
        this.families = families;
        traffic.add(new Traffic(Labels.EMPTY, counters.all()));
        counters.topics().entrySet().stream()
                .filter(each -> image.topic(each.getKey()).isPresent())
                .limit(MOST)
                .forEach(each -> traffic.add(new Traffic(Labels.of("topic", each.getKey()), each.getValue())));
    }

    /** @param self id of this broker */
    static void collect(BrokerCounters counters, ClusterImage image, int self, Families families) {
        TopicMetrics metrics = new TopicMetrics(counters, image, families);
        metrics.collect();
        families.gauges(
                "kafka_topic_partitions",
                "Partitions of a topic, told by the broker that leads its first partition.",
                image.topics().stream()
                        .filter(topic ->
                                topic.has(0) && topic.partitions().get(0).isLedBy(self))
                        .sorted(Comparator.comparing(Topic::name))
                        .limit(MOST)
                        .toList(),
                topic -> Labels.of("topic", topic.name()),
                topic -> topic.partitions().size());
    }

    private void collect() {
        counters("messagesin", "Records that producers and coordinators appended.", Totals::records);
        counters("bytesin", "Bytes of their batches.", Totals::bytesIn);
        counters("bytesout", "Bytes of records that consumers read.", Totals::bytesOut);
        counters("replicationbytesin", "Bytes of records copied from leaders.", Totals::copiedIn);
        counters("replicationbytesout", "Bytes of records that followers read.", Totals::copiedOut);
        counters(
                "totalproducerequests",
                "Parts of produce requests for one partition.",
                totals -> totals.appends() + totals.refusedAppends());
        counters("failedproducerequests", "Those that were answered with an error.", Totals::refusedAppends);
        counters(
                "totalfetchrequests",
                "Parts of fetch requests for one partition that was read.",
                totals -> totals.reads() + totals.refusedReads());
        counters("failedfetchrequests", "Those that were answered with an error.", Totals::refusedReads);
    }

    private void counters(String name, String help, ToLongFunction<Totals> value) {
        families.counters(
                "kafka_server_brokertopicmetrics_" + name + "_total",
                help,
                traffic,
                Traffic::labels,
                each -> value.applyAsLong(each.totals()));
    }
}
