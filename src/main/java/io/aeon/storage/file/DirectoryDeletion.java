package io.aeon.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The deletion of a whole directory, which a crash may interrupt. Before its deletion the directory gets a marker file
 * with its present name and its temporary name. Only a directory with a marker file of its own counts as a begun
 * deletion, whatever the directory's name is. A link is removed; its target stays.
 */
public final class DirectoryDeletion {
    /** Kafka's loader of logs ignores a file of this name. */
    static final String MARKER = "aeon-deletes-this-directory";

    /** Kafka also gives this suffix to the directory of a partition that is being deleted. */
    private static final String DOOMED = "-delete";

    /** An empty directory with such a name has lost its marker file; its removal loses no data. */
    private static final Pattern DOOMED_NAME = Pattern.compile(".*\\.[0-9a-f]{32}" + DOOMED);

    private static final int MAX_NAME = 255;

    private DirectoryDeletion() {}

    /**
     * Deletes the directory and its contents; a missing directory is no error. A directory that cannot be renamed, such
     * as one in a lower layer of an overlay file system, is deleted in place.
     */
    public static void delete(Path directory, LogFiles files) throws IOException {
        if (!files.isDirectory(directory)) {
            files.delete(directory);
            return;
        }
        Path doomed = sibling(directory, "." + UUID.randomUUID().toString().replace("-", "") + DOOMED);
        mark(directory, doomed, files);
        try {
            files.rename(directory, doomed);
            files.forceParent(directory);
        } catch (AtomicMoveNotSupportedException e) {
            deleteTree(directory, files);
            return;
        }
        deleteTree(doomed, files);
    }

    /**
     * A full disk may have no room for the marker file. After a crash the rest of the directory then stays on the disk.
     */
    private static void mark(Path directory, Path doomed, LogFiles files) throws IOException {
        ByteBuffer names = StandardCharsets.UTF_8.encode(directory.getFileName() + "\n" + doomed.getFileName() + "\n");
        try (LogFile marker = files.openForWriting(directory.resolve(MARKER))) {
            marker.truncate(0);
            marker.write(names, 0);
            marker.force();
        } catch (IOException e) {
            files.delete(directory.resolve(MARKER));
            return;
        }
        files.forceDirectory(directory);
    }

    /** Whether the deletion of exactly this directory was begun. */
    public static boolean isBegun(Path directory, LogFiles files) {
        if (!files.isDirectory(directory) || !files.exists(directory.resolve(MARKER))) {
            return false;
        }
        ByteBuffer names = AtomicFile.read(files, directory.resolve(MARKER));
        String name = String.valueOf(directory.getFileName());
        return names != null
                && List.of(StandardCharsets.UTF_8.decode(names).toString().split("\n", -1))
                        .contains(name);
    }

    /** Completes the deletions in {@code parent} that were begun. */
    public static void finish(Path parent, LogFiles files) throws IOException {
        for (String name : files.list(parent)) {
            Path directory = parent.resolve(name);
            if (isBegun(directory, files)) {
                deleteTree(directory, files);
            } else if (DOOMED_NAME.matcher(name).matches()
                    && files.isDirectory(directory)
                    && files.list(directory).isEmpty()) {
                files.delete(directory);
            }
        }
    }

    /** The marker file is deleted last: a crash before that leaves a directory whose deletion is known to be begun. */
    private static void deleteTree(Path directory, LogFiles files) throws IOException {
        for (String name : files.list(directory)) {
            Path entry = directory.resolve(name);
            if (files.isDirectory(entry)) {
                deleteTree(entry, files);
            } else if (!name.equals(MARKER)) {
                files.delete(entry);
            }
        }
        files.delete(directory.resolve(MARKER));
        files.delete(directory);
    }

    /** A name in the same parent: the name of {@code directory}, shortened if necessary, and {@code suffix}. */
    public static Path sibling(Path directory, String suffix) {
        String name = String.valueOf(directory.getFileName());
        return directory
                .toAbsolutePath()
                .resolveSibling(name.substring(0, Math.min(name.length(), MAX_NAME - suffix.length())) + suffix);
    }
}
