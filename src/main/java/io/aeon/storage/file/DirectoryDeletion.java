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
 * The deletion of a whole directory, which a crash may cut short. The directory first gets a file that names it and the
 * name it gets meanwhile; only a directory with such a file of its own is ever taken for one whose deletion was begun,
 * whatever its name. A link is removed, and what it points to stays.
 */
public final class DirectoryDeletion {
    /** Of a name that Kafka's loader of logs takes no notice of. */
    static final String MARKER = "aeon-deletes-this-directory";

    /** Kafka gives a partition that is being deleted such a name, too. */
    private static final String DOOMED = "-delete";

    /** An empty directory of such a name has lost its marker, and nothing is lost with it. */
    private static final Pattern DOOMED_NAME = Pattern.compile(".*\\.[0-9a-f]{32}" + DOOMED);

    private static final int MAX_NAME = 255;

    private DirectoryDeletion() {}

    /**
     * Deletes the directory with all that is in it; one that is not there is no error. Where it cannot be renamed, as one
     * of a lower layer of an overlay file system, it is deleted in place.
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

    /** On a full disk there may be no room for the mark: then a crash leaves a directory that nobody deletes. */
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

    /** Whether the deletion of that very directory was begun. */
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

    /** Comes to the end with the deletions in {@code parent} that were begun. */
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

    /** The marker goes last: until then a crash leaves a deletion that was begun. */
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

    /** A name beside {@code directory}: its own, cut if need be, with {@code suffix}. */
    public static Path sibling(Path directory, String suffix) {
        String name = String.valueOf(directory.getFileName());
        return directory
                .toAbsolutePath()
                .resolveSibling(name.substring(0, Math.min(name.length(), MAX_NAME - suffix.length())) + suffix);
    }
}
