package io.aeon.broker;

import io.aeon.config.FlushSettings;
import io.aeon.metadata.Metadata;
import io.aeon.storage.LogEnvironment;
import io.aeon.storage.PartitionLog;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * What all partitions have in common.
 *
 * @param disk where all of them write
 * @param blocking threads that may wait for the disk
 */
record TopicsSetup(
        Path dataDir,
        Metadata metadata,
        TopicSettingsCache settings,
        FlushSettings flush,
        LogEnvironment environment,
        Disk disk,
        Executor blocking) {

    PartitionDirectory directory(TopicPartition partition, Uuid topicId) {
        return new PartitionDirectory(dataDir, partition, topicId, environment);
    }

    /** Bytes free on the disk; may wait for it. */
    long usableSpace() {
        return environment.files().usableSpace(dataDir);
    }

    /** Looks through the data directory, and finishes the deletions that a crash cut short. */
    List<TopicPartition> partitionsWithFiles() {
        PartitionLog.purgeDeleted(dataDir, environment);
        return PartitionDirectory.existing(dataDir, environment);
    }
}
