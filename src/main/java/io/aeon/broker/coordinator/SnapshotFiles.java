package io.aeon.broker.coordinator;

import io.aeon.storage.file.LogFiles;
import java.nio.file.Path;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/**
 * The files with the snapshots of coordinators.
 *
 * @param directories the directory of each partition, which may change
 * @param mostBytes the estimated bytes of heap that the records of one snapshot may take while it is made
 */
public record SnapshotFiles(Function<TopicPartition, Path> directories, LogFiles files, long mostBytes) {
    /** The part of the heap that the records of one snapshot may take. */
    private static final int HEAP_PART = 8;

    /** The files of a broker. */
    public static SnapshotFiles of(Function<TopicPartition, Path> directories, LogFiles files) {
        return new SnapshotFiles(directories, files, Runtime.getRuntime().maxMemory() / HEAP_PART);
    }

    SnapshotFile of(TopicPartition partition) {
        return new SnapshotFile(() -> directories.apply(partition), files);
    }
}
