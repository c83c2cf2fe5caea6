package io.aeon.broker.disk;

import io.aeon.storage.file.LogEnvironment;
import io.aeon.threads.WorkerPool;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;

/** The data directory of a test; it counts as mounted while it exists. */
public final class OneDisk {
    /** The id of the data directory. */
    public static final Uuid ID = new Uuid(7, 7);

    private OneDisk() {}

    /** The data directories of a broker that has only {@code disk}. */
    public static Disks only(Disk disk) {
        return new Disks(List.of(disk.directory()), List.of(disk));
    }

    /** A disk that never stalls and has no reserve. */
    public static Disk of(Path directory, LogEnvironment environment, Executor blocking) {
        return of(directory, environment, new DiskSpace(0), blocking);
    }

    /** A disk that never stalls. */
    public static Disk of(Path directory, LogEnvironment environment, DiskSpace space, Executor blocking) {
        return of(
                directory, environment, space, new DiskStall(new WorkerPool("unused", 1), System::nanoTime), blocking);
    }

    public static Disk of(
            Path directory, LogEnvironment environment, DiskSpace space, DiskStall stall, Executor blocking) {
        return new Disk(
                directory,
                ID,
                environment,
                space,
                stall,
                new DiskHealth(directory, directory, environment.files()),
                blocking);
    }
}
