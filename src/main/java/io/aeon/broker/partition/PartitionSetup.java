package io.aeon.broker.partition;

import io.aeon.broker.disk.Disk;
import io.aeon.config.FlushSettings;
import io.aeon.replication.InSyncRules;
import java.util.concurrent.Executor;

/**
 * The resources of one partition.
 *
 * @param disk the disk that all partitions share
 * @param compaction resources for log compaction
 * @param inSync what makes a follower in sync
 * @param producers limit of what all partitions remember of producers
 * @param blocking threads that may block on the disk
 */
public record PartitionSetup(
        PartitionDirectory directory,
        FlushSettings flush,
        Disk disk,
        CompactionSetup compaction,
        InSyncRules inSync,
        ProducerLimit producers,
        Executor blocking) {}
