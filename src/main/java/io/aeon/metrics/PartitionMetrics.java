package io.aeon.metrics;

import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.Partitions.Condition;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The metrics of partitions: those of a replica for each broker that has one, those of a topic for its leader only. */
final class PartitionMetrics {
    private final PartitionSurvey survey;
    private final List<PartitionView> known;
    private final List<PartitionView> led;
    private final Families families;

    private PartitionMetrics(PartitionSurvey survey, Families families) {
        this.survey = survey;
        this.known = survey.views().stream().filter(view -> view.log() != null).toList();
        this.led = survey.views().stream()
                .filter(view -> view.standing().isLedHere())
                .toList();
        this.families = families;
    }

    static void collect(PartitionSurvey survey, PartitionChanges changes, Families families) {
        PartitionMetrics metrics = new PartitionMetrics(survey, families);
        metrics.ofTheBroker();
        metrics.ofIsr(changes);
        metrics.ofReplicas();
        metrics.ofLeaders();
        metrics.ofFollowers();
    }

    private void ofTheBroker() {
        families.gauge(
                "kafka_server_replicamanager_partitioncount",
                "Partitions of this broker.",
                survey.all().size());
        count("kafka_server_replicamanager_leadercount", "Partitions that this broker leads.", Standing::isLedHere);
        count(
                "kafka_server_replicamanager_underreplicatedpartitions",
                "Partitions that this broker leads and that have replicas out of sync.",
                Standing::isUnderReplicated);
        count(
                "kafka_server_replicamanager_underminisrpartitioncount",
                "Partitions that this broker leads with fewer in-sync replicas than min.insync.replicas.",
                Standing::isUnderMinInSync);
        count(
                "kafka_server_replicamanager_atminisrpartitioncount",
                "Partitions that this broker leads with as many in-sync replicas as min.insync.replicas.",
                Standing::isAtMinInSync);
        families.gauge(
                "kafka_server_replicamanager_offlinereplicacount",
                "Partitions of this broker whose log cannot be opened.",
                survey.count(Condition.OFFLINE));
        families.gauges(
                "aeon_partitions",
                "Partitions of this broker by what they do.",
                List.of(Condition.values()),
                condition -> Labels.of("state", condition.name().toLowerCase(Locale.ROOT)),
                survey::count);
        families.gauge(
                "aeon_metrics_omitted_partitions",
                "Partitions of this broker that have no metrics of their own, because there are too many.",
                survey.all().size() - survey.views().size());
    }

    private void count(String name, String help, Predicate<Standing> condition) {
        families.gauge(name, help, survey.all().stream().filter(condition).count());
    }

    private void ofIsr(PartitionChanges changes) {
        families.counter(
                "kafka_server_replicamanager_isrshrinks_total",
                "How often replicas left the ISR of a partition that this broker leads.",
                (double) changes.isrShrinks());
        families.counter(
                "kafka_server_replicamanager_isrexpands_total",
                "How often replicas joined the ISR of a partition that this broker leads.",
                (double) changes.isrExpands());
    }

    private void ofReplicas() {
        ofLog("kafka_log_log_size", "Bytes of the partition's segments.", known, Description::sizeInBytes);
        ofLog("kafka_log_log_logstartoffset", "First offset of the log.", known, Description::logStartOffset);
        ofLog("kafka_log_log_logendoffset", "Offset of the next record.", known, Description::logEndOffset);
        ofView(
                "kafka_cluster_partition_replicascount",
                "Replicas of the partition; 0 if another broker leads it.",
                survey.views(),
                Standing::replicasIfLed);
        ofView(
                "kafka_cluster_partition_insyncreplicascount",
                "In-sync replicas of the partition; 0 if another broker leads it.",
                survey.views(),
                Standing::inSyncIfLed);
        ofView(
                "kafka_cluster_partition_underreplicated",
                "1 if this broker leads the partition and a replica is out of sync.",
                survey.views(),
                standing -> number(standing.isUnderReplicated()));
        ofView(
                "kafka_cluster_partition_underminisr",
                "1 if this broker leads the partition and it has fewer in-sync replicas than min.insync.replicas.",
                survey.views(),
                standing -> number(standing.isUnderMinInSync()));
        ofView(
                "kafka_cluster_partition_atminisr",
                "1 if this broker leads the partition and it has as many in-sync replicas as min.insync.replicas.",
                survey.views(),
                standing -> number(standing.isAtMinInSync()));
    }

    private void ofLeaders() {
        List<PartitionView> both =
                led.stream().filter(view -> view.log() != null).toList();
        ofLog("kafka_topic_partition_current_offset", "High watermark.", both, Description::highWatermark);
        ofLog("kafka_topic_partition_oldest_offset", "First offset.", both, Description::logStartOffset);
        ofView("kafka_topic_partition_leader", "Id of the broker that leads the partition.", led, Standing::leader);
        ofView("kafka_topic_partition_replicas", "Replicas.", led, Standing::replicasIfLed);
        ofView("kafka_topic_partition_in_sync_replica", "In-sync replicas.", led, Standing::inSync);
        ofView(
                "kafka_topic_partition_leader_is_preferred",
                "1 if the leader is the first of the replicas.",
                led,
                standing -> number(standing.isLedByPreferred()));
        ofView(
                "kafka_topic_partition_under_replicated_partition",
                "1 if a replica is out of sync.",
                led,
                standing -> number(standing.isUnderReplicated()));
    }

    private void ofFollowers() {
        List<PartitionView> followed =
                known.stream().filter(view -> !view.standing().isLedHere()).toList();
        families.gauges(
                "kafka_server_fetcherlagmetrics_consumerlag",
                "Committed records that this replica lacks, as its leader said last.",
                followed,
                view -> view.labels()
                        .add(
                                "clientId",
                                "ReplicaFetcherThread-0-" + view.standing().leader()),
                PartitionMetrics::lag);
        families.gauges(
                "kafka_server_replicafetchermanager_maxlag",
                "The largest of these lags.",
                List.of(followed.stream().mapToLong(PartitionMetrics::lag).max().orElse(0)),
                each -> Labels.of("clientId", "Replica"),
                Long::doubleValue);
    }

    private static long lag(PartitionView view) {
        return Objects.requireNonNull(view.log()).lag();
    }

    private void ofLog(String name, String help, List<PartitionView> views, ToLongFunction<Description> value) {
        families.gauges(
                name,
                help,
                views,
                PartitionView::labels,
                view -> value.applyAsLong(Objects.requireNonNull(view.log())));
    }

    private void ofView(String name, String help, List<PartitionView> views, ToDoubleFunction<Standing> value) {
        families.gauges(name, help, views, PartitionView::labels, view -> value.applyAsDouble(view.standing()));
    }

    private static int number(boolean condition) {
        return condition ? 1 : 0;
    }
}
