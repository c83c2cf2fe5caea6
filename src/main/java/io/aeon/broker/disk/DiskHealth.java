package io.aeon.broker.disk;

import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a data directory can be used: it is there, and its disk takes writes. A disk counts as healthy until one of
 * its partitions reports a failed write and a trial write fails too, although there is room. Thread-safe.
 */
public final class DiskHealth {
    private static final String TRIAL = ".trial";
    /** With less free space a disk is full, which is no failure of the disk. */
    private static final long ROOM = 1 << 20;

    private static final byte[] CONTENT = {'a', 'e', 'o', 'n'};

    private final Path directory;
    private final Path mark;
    private final LogFiles files;
    private volatile boolean isSuspect;
    private volatile boolean isSilent;
    private volatile @Nullable String problem;

    /** @param mark a file that exists in the directory while its disk is mounted */
    public DiskHealth(Path directory, Path mark, LogFiles files) {
        this.directory = directory;
        this.mark = mark;
        this.files = files;
    }

    /**
     * To be called before a partition's directory is created. Without its disk, a data directory is an empty directory
     * on another disk. May block on the disk.
     *
     * @throws StorageException the disk is not mounted, or the directory is lost
     */
    public void requirePresent() {
        if (!files.exists(mark)) {
            throw new StorageException("the data directory " + directory + " has no file " + mark.getFileName()
                    + ": its disk is not mounted or is lost");
        }
    }

    /** A write to the disk failed. */
    public void suspect() {
        isSuspect = true;
    }

    /** The disk has stopped or begun to respond. */
    public void responds(boolean does) {
        isSilent = !does;
    }

    /** Why the directory cannot be used; empty if it can. */
    public Optional<String> problem() {
        return isSilent ? Optional.of("the disk of " + directory + " does not respond") : Optional.ofNullable(problem);
    }

    /**
     * Checks a suspect disk by a small write; does nothing if the disk is not suspect. May block on the disk.
     *
     * @return whether the disk has begun or ceased to refuse writes
     */
    public boolean check() {
        if (!isSuspect) {
            return false;
        }
        String before = problem;
        isSuspect = false;
        String found = trial();
        isSuspect |= found != null;
        problem = found;
        return (found == null) != (before == null);
    }

    private @Nullable String trial() {
        Path file = directory.resolve(TRIAL);
        try {
            requirePresent();
            try (LogFile trial = files.openForWriting(file)) {
                trial.write(ByteBuffer.wrap(CONTENT), 0);
                trial.force();
            }
            files.delete(file);
            return null;
        } catch (IOException e) {
            boolean isFull = files.usableSpace(directory) < ROOM;
            return isFull
                    ? null
                    : StorageException.of("cannot write " + file, e).getMessage();
        } catch (StorageException e) {
            return e.getMessage();
        }
    }
}
