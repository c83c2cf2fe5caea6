package io.aeon.storage.log;

import io.aeon.storage.file.DirectoryDeletion;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.LogDirectory;
import java.io.IOException;
import java.nio.file.Path;

/** What is done with whole logs that nobody has open, with their directories. What was lent out of them stays. */
public final class ClosedLogs {
    private ClosedLogs() {}

    /** Deletes one; if there is none that is no error. A crash meanwhile leaves something for {@link #finishDeletions}. */
    public static void delete(Path directory, LogFiles files) {
        try {
            DirectoryDeletion.delete(directory, files);
        } catch (IOException e) {
            throw new StorageException("cannot delete " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Deletes what is left in that place of a log whose deletion was begun, so that another can be made there. */
    public static void finishDeletion(Path directory, LogFiles files) {
        if (DirectoryDeletion.isBegun(directory, files)) {
            delete(directory, files);
        }
    }

    /** Deletes what is left of the logs in {@code parent} whose deletion was begun, and nothing else. */
    public static void finishDeletions(Path parent, LogFiles files) {
        try {
            DirectoryDeletion.finish(parent, files);
        } catch (IOException e) {
            throw new StorageException("cannot finish deletions in " + parent + ": " + e.getMessage(), e);
        }
    }

    /** Moves one out of the way; returns where it is now. */
    public static Path setAside(Path directory, LogFiles files) {
        return new LogDirectory(directory, files).setAside();
    }
}
