package io.aeon.broker.topic;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.partition.FoundPartitions;
import io.aeon.broker.partition.directory.FutureDirectories;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Topic;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.log.ClosedLogs;
import io.aeon.storage.log.HighWatermarkFile;
import io.aeon.storage.log.LogSummaries;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The search of one data directory for partitions, at the start. May block on the disk. */
final class DiskSearch {
    private final Disk disk;
    private final ClusterImage image;
    private final int nodeId;

    DiskSearch(Disk disk, ClusterImage image, int nodeId) {
        this.disk = disk;
        this.image = image;
        this.nodeId = nodeId;
    }

    /**
     * Lists the data directory, and finishes deletions that a crash interrupted. The summaries are taken first: if the
     * rest fails, the logs are opened and change, and no later start may believe the summaries.
     */
    FoundPartitions run() {
        LogFiles files = disk.environment().files();
        List<LogSummaries.Entry> summaries = LogSummaries.take(disk.directory(), files);
        ClosedLogs.finishDeletions(disk.directory(), files);
        Set<TopicPartition> movedHere = FutureDirectories.settle(disk, this::isRecordedHere);
        List<TopicPartition> present = new ArrayList<>();
        Set<TopicPartition> unexpected = new LinkedHashSet<>();
        for (TopicPartition partition : PartitionDirectory.existing(disk)) {
            Topic topic = topic(partition);
            if (topic == null || isRecordedHere(partition)) {
                present.add(partition);
            } else if (new PartitionDirectory(disk, partition, topic.id()).isOwn()) {
                present.add(partition);
                unexpected.add(partition);
            }
        }
        return FoundPartitions.of(
                present, unexpected, movedHere, HighWatermarkFile.read(disk.directory(), files), summaries);
    }

    private @Nullable Topic topic(TopicPartition partition) {
        return image.topic(partition.topic())
                .filter(each -> each.has(partition.partition()))
                .orElse(null);
    }

    private boolean isRecordedHere(TopicPartition partition) {
        Topic topic = topic(partition);
        return topic != null
                && topic.partitions()
                        .get(partition.partition())
                        .directory(nodeId)
                        .filter(disk.id()::equals)
                        .isPresent();
    }
}
