package io.aeon.broker.partition;

import io.aeon.broker.disk.Disk;
import io.aeon.config.FlushSettings;
import java.util.concurrent.Executor;

/**
 * What one partition works with.
 *
 * @param disk where all partitions write
 * @param compaction what it needs for being compacted
 * @param blocking threads that may wait for the disk
 */
public record PartitionSetup(
        PartitionDirectory directory, FlushSettings flush, Disk disk, CompactionSetup compaction, Executor blocking) {}
