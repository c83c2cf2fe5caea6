package io.aeon.storage.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The file operations a log uses; the seam where tests inject faults. Thread-safe. */
public interface LogFiles {
    /** The real file system. */
    static LogFiles disk() {
        return new DiskFiles();
    }

    /** Opens for reading and writing, creating the file if it is missing. */
    LogFile openForWriting(Path file) throws IOException;

    LogFile openForReading(Path file) throws IOException;

    boolean exists(Path file);

    /** Whether it is a directory, and no link to one. */
    boolean isDirectory(Path file);

    long size(Path file) throws IOException;

    /** Names of all entries, in no order. */
    List<String> list(Path directory) throws IOException;

    void createDirectories(Path directory) throws IOException;

    /**
     * Renames atomically, replacing what {@code to} named.
     *
     * @throws java.nio.file.AtomicMoveNotSupportedException the file system cannot do that with this file
     */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file, a link or an empty directory; one that is gone already is no error. */
    void delete(Path file) throws IOException;

    /** Makes creations, renames and removals in this directory durable. */
    void forceDirectory(Path directory) throws IOException;

    /** Makes the creation, renaming or removal of {@code entry} itself durable. */
    default void forceParent(Path entry) throws IOException {
        Path parent = entry.toAbsolutePath().getParent();
        if (parent != null) {
            forceDirectory(parent);
        }
    }

    /**
     * Whether an fsync of this file failed in this process. The kernel tells of a failure once and then takes the pages
     * for clean: what was not durable then must be written anew before a later fsync means anything.
     */
    boolean isSuspect(Path file);

    /** What was suspect has been written anew. */
    void trust(Path file);

    /** Bytes that can still be written on the disk that holds {@code directory}; 0 if it does not say. */
    long usableSpace(Path directory);

    /** Milliseconds since the epoch. */
    long lastModified(Path file) throws IOException;
}
