package io.aeon.storage.segment;

import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.CrossDeviceMove;
import io.aeon.storage.file.DirectoryDeletion;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The directory of one log: creation before the first segment, fsync after changes, deletion of removed files. */
public final class LogDirectory {
    /**
     * What the directory's name ends in while the log is the copy for another data directory, as in Kafka: a random id
     * and {@code -future}. A regular expression.
     */
    public static final String FUTURE = "\\.[0-9a-f]{32}-future";

    private static final String STRAY = ".stray.";

    private final Path path;
    private final LogFiles files;
    private final Queue<Trash> trash = new ArrayDeque<>();
    private volatile boolean created;
    private volatile boolean changed;
    private volatile @Nullable StorageException failure;

    /** @param path the directory; it need not exist */
    public LogDirectory(Path path, LogFiles files) {
        this.path = path;
        this.files = files;
    }

    /** Removed files that may be deleted from the disk at {@code dueMs}, milliseconds since the epoch. */
    private record Trash(List<Path> paths, long dueMs) {}

    /** The directory's path. */
    public Path path() {
        return path;
    }

    /** Creates the directory; called before the first file is written. */
    public void ensureExists() {
        if (files.exists(path)) {
            return;
        }
        try {
            files.createDirectories(path);
            created = true;
        } catch (IOException e) {
            throw failed("create", e);
        }
    }

    /** A file was created, removed or renamed. */
    public void changed() {
        changed = true;
    }

    /**
     * Makes all creations, removals and renames so far durable. After a failed fsync a later one would report success
     * for a change that is not on the disk, so each call after a failed one fails too.
     */
    public void force() {
        StorageException earlier = failure;
        if (earlier != null) {
            throw new StorageException("an fsync failed earlier: " + earlier.getMessage(), earlier);
        }
        try {
            if (created) {
                files.forceParent(path);
                created = false;
            }
            if (changed) {
                changed = false;
                files.forceDirectory(path);
            }
        } catch (IOException e) {
            StorageException fatal = failed("fsync", e);
            failure = fatal;
            throw fatal;
        }
    }

    /** Removes a segment's files from the log; they are deleted from the disk at {@code dueMs} or later. */
    public void discard(long baseOffset, long dueMs) {
        discard(SegmentNames.all(path, baseOffset), dueMs);
    }

    /**
     * Removes the existing ones of these files from the log; they are deleted from the disk at {@code dueMs} or later.
     */
    public void discard(List<Path> doomed, long dueMs) {
        List<Path> paths = doomed.stream().filter(files::exists).toList();
        try {
            for (Path file : paths) {
                files.rename(file, deleted(file));
            }
        } catch (IOException e) {
            throw failed("remove a segment from", e);
        }
        changed();
        trash.add(new Trash(paths.stream().map(LogDirectory::deleted).toList(), dueMs));
    }

    /** Deletes the files that are due from the disk. */
    public void purge(long nowMs) {
        for (Iterator<Trash> all = trash.iterator(); all.hasNext(); ) {
            Trash next = all.next();
            if (next.dueMs() <= nowMs) {
                next.paths().forEach(this::delete);
                all.remove();
            }
        }
    }

    /** Names of all files; empty if the directory does not exist yet. */
    public List<String> list() {
        try {
            return files.exists(path) ? files.list(path) : List.of();
        } catch (IOException e) {
            throw failed("list", e);
        }
    }

    /** Deletes those of {@code names} that are left over from deletions or unfinished writes. */
    public void clean(List<String> names) {
        names.stream().filter(LogDirectory::isLeftover).map(path::resolve).forEach(this::delete);
    }

    /**
     * Moves the whole directory, whatever its contents; returns its new path.
     *
     * @see CrossDeviceMove#ofDirectory
     */
    public Path setAside(String last) {
        Path aside = freeSibling(path, STRAY, files);
        try {
            CrossDeviceMove.ofDirectory(path, aside, last, files);
        } catch (IOException e) {
            throw failed("set aside", e);
        }
        return aside;
    }

    /** An unused name in the same parent: the name of {@code directory} with {@code suffix} and a number. */
    public static Path freeSibling(Path directory, String suffix, LogFiles files) {
        int number = 1;
        while (files.exists(DirectoryDeletion.sibling(directory, suffix + number))) {
            number++;
        }
        return DirectoryDeletion.sibling(directory, suffix + number);
    }

    private void delete(Path file) {
        try {
            files.delete(file);
        } catch (IOException e) {
            throw failed("delete " + file.getFileName() + " in", e);
        }
    }

    private static Path deleted(Path file) {
        return file.resolveSibling(file.getFileName() + SegmentNames.DELETED);
    }

    private static boolean isLeftover(String name) {
        return name.endsWith(SegmentNames.DELETED) || name.endsWith(AtomicFile.TEMPORARY);
    }

    private StorageException failed(String what, IOException cause) {
        return StorageException.of("cannot " + what + " " + path, cause);
    }
}
