package io.aeon.broker.partition.actor;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.partition.cleaning.CompactionSetup;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.config.FlushSettings;
import io.aeon.counters.BrokerCounters;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The resources of one partition.
 *
 * @param recordDirectory records the data directory of the partition in the metadata, unless it is recorded; to be
 *     awaited before the partition's first record
 * @param giveUp tells the controller that the replica lacks records, so that another one leads and this one is not
 *     elected before it is in sync again
 * @param compaction resources for log compaction
 * @param replication what a leader needs for its followers
 * @param producers limit of what all partitions remember of producers
 * @param counters of all partitions
 */
public record PartitionSetup(
        PartitionDirectory directory,
        Supplier<CompletableFuture<Void>> recordDirectory,
        Supplier<CompletableFuture<Void>> giveUp,
        FlushSettings flush,
        CompactionSetup compaction,
        ReplicationSetup replication,
        ProducerLimit producers,
        BrokerCounters counters) {
    /** The data directory that holds the partition. */
    Disk disk() {
        return directory.disk();
    }

    /** Threads that may wait for the partition's disk. */
    Executor blocking() {
        return disk().blocking();
    }
}
