package io.aeon.broker.disk;

import io.aeon.storage.file.LogEnvironment;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;

/**
 * A data directory and the state of the disk that holds it.
 *
 * @param directory the data directory, which holds one directory for each of its partitions
 * @param id the directory's id in the metadata (KIP-858)
 * @param environment files and clock of the logs in the directory
 * @param space the free space that records may use
 * @param stall whether writes to the disk block the broker's threads
 * @param health whether the directory can be used
 * @param blocking threads that may wait for this disk
 */
public record Disk(
        Path directory,
        Uuid id,
        LogEnvironment environment,
        DiskSpace space,
        DiskStall stall,
        DiskHealth health,
        Executor blocking) {

    /** A disk whose reads and writes are watched by {@code stall}. */
    public static Disk watched(
            Path directory,
            Uuid id,
            LogEnvironment environment,
            DiskSpace space,
            DiskStall stall,
            DiskHealth health,
            Executor blocking) {
        return new Disk(
                directory,
                id,
                new LogEnvironment(
                        environment.clock(), environment.maps(), new WatchedFiles(environment.files(), stall)),
                space,
                stall,
                health,
                blocking);
    }

    /** Free bytes on the disk; may block on it. */
    public long usableSpace() {
        return environment.files().usableSpace(directory);
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
