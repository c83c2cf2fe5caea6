package io.aeon.broker.coordinator;

import io.aeon.storage.file.LogFiles;
import java.nio.file.Path;
import org.apache.kafka.common.TopicPartition;

/**
 * The files with the snapshots of coordinators.
 *
 * @param dataDir the broker's data directory
 * @param mostBytes the estimated bytes of heap that the records of one snapshot may take while it is made
 */
public record SnapshotFiles(Path dataDir, LogFiles files, long mostBytes) {
    /** The part of the heap that the records of one snapshot may take. */
    private static final int HEAP_PART = 8;

    /** The files of a broker. */
    public static SnapshotFiles of(Path dataDir, LogFiles files) {
        return new SnapshotFiles(dataDir, files, Runtime.getRuntime().maxMemory() / HEAP_PART);
    }

    SnapshotFile of(TopicPartition partition) {
        return new SnapshotFile(dataDir.resolve(partition.toString()), files);
    }
}
