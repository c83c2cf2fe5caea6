package io.aeon.storage.log;

import io.aeon.storage.file.DirectoryDeletion;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.LogDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** Operations on whole logs that are not open, with their directories. Lent slices of these logs stay valid. */
public final class ClosedLogs {
    private ClosedLogs() {}

    /** Deletes a log; a missing log is no error. After a crash, {@link #finishDeletions} completes the deletion. */
    public static void delete(Path directory, LogFiles files) {
        try {
            DirectoryDeletion.delete(directory, files);
        } catch (IOException e) {
            throw StorageException.of("cannot delete " + directory, e);
        }
    }

    /** Completes a deletion of the log in {@code directory} that was begun, so that a new log can be created there. */
    public static void finishDeletion(Path directory, LogFiles files) {
        if (DirectoryDeletion.isBegun(directory, files)) {
            delete(directory, files);
        }
    }

    /** Completes the begun deletions of logs in {@code parent}; deletes nothing else. */
    public static void finishDeletions(Path parent, LogFiles files) {
        try {
            DirectoryDeletion.finish(parent, files);
        } catch (IOException e) {
            throw StorageException.of("cannot finish deletions in " + parent, e);
        }
    }

    /**
     * Moves a log's directory to another name; returns its new path. A move that fails or is interrupted may be
     * repeated while {@link PartitionMetadataFile#read} finds the old topic id.
     */
    public static Path setAside(Path directory, LogFiles files) {
        return new LogDirectory(directory, files).setAside(PartitionMetadataFile.FILE);
    }
}
