package io.aeon.broker.topic;

import io.aeon.broker.partition.FoundPartitions;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.storage.log.LogSummary;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the files in the data directory mean for the partitions at the start: one with a summary rests, any other is
 * opened in the background. Not thread-safe.
 */
final class FilesAtStart {
    private static final Logger logger = LoggerFactory.getLogger(FilesAtStart.class);

    private final TopicsSetup setup;
    private final PartitionTable table;
    private final LocalPartitions partitions;
    private final PartitionFaults faults;

    FilesAtStart(TopicsSetup setup, PartitionTable table, LocalPartitions partitions, PartitionFaults faults) {
        this.setup = setup;
        this.table = table;
        this.partitions = partitions;
        this.faults = faults;
    }

    void found(FoundPartitions found) {
        table.highWatermarks().read(found);
        ClusterImage image = setup.metadata().image();
        for (TopicPartition partition : found.withFiles()) {
            faults.confine(partition, () -> found(partition, found, image));
        }
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
                .orElse(null);
        if (configured == null) {
            logger.warn("{} has files but this broker has no replica of it; the files are left unchanged", partition);
            return;
        }
        Optional<LogSummary> summary =
                found.summary(partition, topic.id(), configured.config().fingerprint());
        if (summary.isEmpty()) {
            table.foundFiles(partition);
            table.starts().later(partition);
        } else if (partitions.rests(
                partition, new RestingPartition(topic.id(), configured, summary.get()), List.of())) {
            table.starts().cancel(partition);
        }
    }
}
