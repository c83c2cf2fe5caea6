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
 * A broker's sole claim to its data directory, held until closed or until the process ends, however it ends. The lock
 * file has the name Kafka gives it, so neither broker opens a directory the other is running on.
 */
final class DataDirectory implements AutoCloseable {
    private static final String LOCK_FILE = ".lock";

    private final FileChannel lockFile;

    private DataDirectory(FileChannel lockFile) {
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory if need be and claims it.
     *
     * @throws StartException another broker has it, or it cannot be used
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
     * Claims the directory if any broker ever did; leaves no lock file where there was none.
     *
     * @throws StartException a broker has it
     */
    static Optional<DataDirectory> claimIfUsed(Path directory) {
        try {
            return Files.exists(directory.resolve(LOCK_FILE)) ? Optional.of(lock(directory)) : Optional.empty();
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /** Whether there is nothing in it but the claim. */
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
            throw new StartException("the data directory " + directory + " is in use by another broker");
        }
        return new DataDirectory(lockFile);
    }

    private static StartException unusable(Path directory, IOException cause) {
        return new StartException(
                "the data directory " + directory + " cannot be used: " + FileProblem.of(cause), cause);
    }

    /** The file system answers for other processes, the JVM for brokers in this one. */
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
