package io.aeon.storage.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The file operations of a log; the interface through which tests inject faults. Thread-safe. */
public interface LogFiles {
    /** The real file system. */
    static LogFiles disk() {
        return new DiskFiles();
    }

    /** Opens for reading and writing, creating the file if it is missing. */
    LogFile openForWriting(Path file) throws IOException;

    LogFile openForReading(Path file) throws IOException;

    boolean exists(Path file);

    /** Whether the path is a directory itself, and not a link to a directory. */
    boolean isDirectory(Path file);

    long size(Path file) throws IOException;

    /** Names of all entries, in any order. */
    List<String> list(Path directory) throws IOException;

    void createDirectories(Path directory) throws IOException;

    /**
     * Renames atomically, and replaces an existing {@code to}.
     *
     * @throws java.nio.file.AtomicMoveNotSupportedException the file system cannot rename this file atomically
     */
    void rename(Path from, Path to) throws IOException;

    /** Removes a file, a link or an empty directory; a missing one is no error. */
    void delete(Path file) throws IOException;

    /** Makes all creations, renames and removals in this directory durable. */
    void forceDirectory(Path directory) throws IOException;

    /** Makes the creation, rename or removal of {@code entry} itself durable. */
    default void forceParent(Path entry) throws IOException {
        Path parent = entry.toAbsolutePath().getParent();
        if (parent != null) {
            forceDirectory(parent);
        }
    }

    /**
     * Whether an fsync of this file failed in this process. The kernel reports a failure only once and then treats the
     * pages as clean. Bytes that were not durable at that time must be written again before a later fsync makes them
     * durable.
     */
    boolean isSuspect(Path file);

    /** The bytes of a suspect file have been written again. */
    void trust(Path file);

    /** Free bytes on the disk that holds {@code directory}; 0 if the file system does not report them. */
    long usableSpace(Path directory);

    /** Milliseconds since the epoch. */
    long lastModified(Path file) throws IOException;
}
