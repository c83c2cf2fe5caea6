package io.aeon.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The exclusive lock of one broker on its data directory, held until it is closed or the process ends. The lock file
 * has the same name as Kafka's, so that neither broker opens a directory on which the other runs.
 */
final class DataDirectory implements AutoCloseable {
    private static final String LOCK_FILE = ".lock";

    private final FileChannel lockFile;

    private DataDirectory(FileChannel lockFile) {
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory if it does not exist, and locks it.
     *
     * @throws StartException another broker holds the lock, or the directory cannot be used
     */
    static DataDirectory claim(Path directory) {
        try {
            Files.createDirectories(directory);
            return lock(directory);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /**
     * Locks the directory if it has a lock file; creates no lock file.
     *
     * @return the lock; empty if the directory has no lock file, because no broker has used it
     * @throws StartException another broker holds the lock, or the directory cannot be used
     */
    static Optional<DataDirectory> claimIfUsed(Path directory) {
        try {
            return Files.exists(directory.resolve(LOCK_FILE)) ? Optional.of(lock(directory)) : Optional.empty();
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /** Whether the directory holds no entry except the lock file. */
    static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.allMatch(entry -> entry.endsWith(LOCK_FILE));
        }
    }

    private static DataDirectory lock(Path directory) throws IOException {
        FileChannel lockFile =
                FileChannel.open(directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(lockFile)) {
            lockFile.close();
            throw new StartException("the data directory " + directory
                    + " is in use by another broker; stop that one, or take another directory (aeon.data-dir)");
        }
        return new DataDirectory(lockFile);
    }

    private static StartException unusable(Path directory, IOException cause) {
        return new StartException(
                "the data directory " + directory + " cannot be used: " + FileProblem.of(cause), cause);
    }

    /**
     * Returns false if another process holds the lock (the file system reports it) or another broker in this JVM does
     * (the JVM reports it).
     */
    private static boolean locked(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
