package io.aeon.broker.coordinator;

import io.aeon.storage.file.LogFiles;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * The files with the snapshots of coordinators.
 *
 * @param directories the directory of each partition, which may change
 * @param mostBytes the estimated bytes of heap that the records of one snapshot may take while it is made
 * @param clock wall clock, from which the age of a snapshot is told
 * @param deleteRetentionMs the present delete.retention.ms of a topic
 */
public record SnapshotFiles(
        Function<TopicPartition, Path> directories,
        LogFiles files,
        long mostBytes,
        Clock clock,
        ToLongFunction<String> deleteRetentionMs) {
    /** The part of the heap that the records of one snapshot may take. */
    private static final int HEAP_PART = 8;

    /** The files of a broker. */
    public static SnapshotFiles of(
            Function<TopicPartition, Path> directories,
            LogFiles files,
            Clock clock,
            ToLongFunction<String> deleteRetentionMs) {
        return new SnapshotFiles(
                directories, files, Runtime.getRuntime().maxMemory() / HEAP_PART, clock, deleteRetentionMs);
    }

    SnapshotFile of(TopicPartition partition) {
        return new SnapshotFile(() -> directories.apply(partition), files);
    }
}
