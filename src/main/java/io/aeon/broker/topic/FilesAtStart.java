package io.aeon.broker.topic;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.partition.FoundPartitions;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.storage.log.LogSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the files in the data directories mean for the partitions at the start: one with a summary rests, any other is
 * opened in the background, and one whose data directory is missing is offline. Not thread-safe.
 */
final class FilesAtStart {
    private static final Logger logger = LoggerFactory.getLogger(FilesAtStart.class);
    private static final int MOST_NAMED = 20;

    private final TopicsSetup setup;
    private final PartitionTable table;
    private final Placement placement;
    private final LocalPartitions partitions;
    private final PartitionFaults faults;
    private final PlaceReports places;
    private final List<TopicPartition> lost = new ArrayList<>();

    FilesAtStart(
            TopicsSetup setup,
            PartitionTable table,
            Placement placement,
            LocalPartitions partitions,
            PartitionFaults faults,
            PlaceReports places) {
        this.setup = setup;
        this.table = table;
        this.placement = placement;
        this.partitions = partitions;
        this.faults = faults;
        this.places = places;
    }

    void found(Map<Disk, FoundPartitions> found) {
        ClusterImage image = setup.metadata().image();
        placement.found(found);
        image.topics().forEach(this::settle);
        found.forEach((disk, onDisk) -> found(disk, onDisk, image));
        reportLost();
        placement.started();
        places.send();
        placement.takeLeftovers().forEach(leftover -> setAside(leftover, "is in another data directory now"));
    }

    private void found(Disk disk, FoundPartitions onDisk, ClusterImage image) {
        table.highWatermarks().read(disk, onDisk);
        for (TopicPartition partition : onDisk.withFiles()) {
            Topic left = withoutReplicaHere(partition, image);
            if (left != null) {
                setAside(new PartitionDirectory(disk, partition, left.id()), "has no replica on this broker any more");
            } else if (setup.disks().holding(partition).filter(disk::equals).isPresent()) {
                faults.confine(partition, () -> found(partition, onDisk, image));
            } else if (image.topic(partition.topic()).isEmpty()) {
                logger.warn("{} has files in {} but its topic does not exist; the files are left", partition, disk);
            }
        }
    }

    /** The topic of a partition that was moved to other brokers while this one was down; otherwise null. */
    private @Nullable Topic withoutReplicaHere(TopicPartition partition, ClusterImage image) {
        return image.topic(partition.topic())
                .filter(topic -> topic.has(partition.partition())
                        && !topic.partitions()
                                .get(partition.partition())
                                .replicas()
                                .contains(setup.metadata().nodeId()))
                .orElse(null);
    }

    private void settle(Topic topic) {
        int self = setup.metadata().nodeId();
        for (Partition state : topic.partitions()) {
            TopicPartition partition = new TopicPartition(topic.name(), state.index());
            if (state.replicas().contains(self)
                    && !placement.settle(partition, topic.id(), state.directory(self), state.isLedByOther(self))) {
                lost.add(partition);
                partitions.isLost(partition);
            }
            places.look(partition, topic.id(), state);
        }
    }

    private void reportLost() {
        Map<String, List<TopicPartition>> byReason = lost.stream()
                .collect(Collectors.groupingBy(
                        partition -> setup.disks().whyLost(partition).orElse("a data directory is missing"),
                        TreeMap::new,
                        Collectors.toList()));
        byReason.forEach((reason, all) -> logger.error(
                "{} partitions are offline, because {}: {}{}",
                all.size(),
                reason,
                all.subList(0, Math.min(all.size(), MOST_NAMED)),
                all.size() > MOST_NAMED ? " and more" : ""));
        lost.clear();
    }

    /** Old records must not come back if the data directory that holds the partition is missing some day. */
    private static void setAside(PartitionDirectory leftover, String why) {
        var unused = CompletableFuture.supplyAsync(
                        leftover::setAside, leftover.disk().blocking())
                .whenComplete((aside, failure) -> {
                    if (failure == null) {
                        logger.warn("{} {}; its old files are in {}", leftover, why, aside);
                    } else {
                        logger.error("{} {}; its old files remain", leftover, why, failure);
                    }
                });
    }

    private void found(TopicPartition partition, FoundPartitions found, ClusterImage image) {
        Topic topic = image.topic(partition.topic())
                .filter(present -> partition.partition() < present.partitions().size())
                .orElse(null);
        if (topic == null) {
            logger.warn("{} has files but its topic does not exist; the files are left unchanged", partition);
            return;
        }
        Configure configured = setup.configuration(
                        image, partition.topic(), topic.partitions().get(partition.partition()))
                .orElseThrow();
        // Records that are not committed yet can only be served by an open log.
        Optional<LogSummary> summary = found.summary(
                        partition, topic.id(), configured.config().fingerprint())
                .filter(log -> log.highWatermark() == log.logEndOffset());
        if (summary.isEmpty()) {
            table.foundFiles(partition);
            table.starts().later(partition);
        } else if (partitions.rests(
                partition, new RestingPartition(topic.id(), configured, summary.get()), List.of())) {
            table.starts().cancel(partition);
        }
    }
}
