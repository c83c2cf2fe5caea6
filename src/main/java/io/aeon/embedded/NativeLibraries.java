package io.aeon.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the directory into which the codecs zstd and snappy unpack their native libraries. It is the JVM's temporary
 * directory, unless that is read-only or does not allow programs to run (mount option noexec). In that case it is a
 * directory inside the data directory.
 */
final class NativeLibraries {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
    private static final String DIRECTORY = ".native";
    /** The system properties from which the loaders of these libraries take the directory. */
    private static final List<String> PROPERTIES = List.of("ZstdTempFolder", "org.xerial.snappy.tempdir");

    private NativeLibraries() {}

    /**
     * Chooses the directory. To be called before the codecs are first used, because the JVM loads a library only once.
     */
    static void findRoom(Path dataDir) {
        Path usual = Path.of(System.getProperty("java.io.tmpdir", ""));
        if (runsPrograms(usual) || PROPERTIES.stream().allMatch(NativeLibraries::isGiven)) {
            return;
        }
        Path own = dataDir.resolve(DIRECTORY);
        try {
            empty(Files.createDirectories(own));
        } catch (IOException e) {
            LOG.warn("{} cannot be emptied: {}", own, FileProblem.of(e));
        }
        if (!runsPrograms(own)) {
            LOG.warn(
                    "Neither {} nor {} allows programs to run: batches compressed with zstd or snappy will be refused;"
                            + " choose another directory with AEON_JVM_OPTS=-Djava.io.tmpdir=DIR",
                    usual,
                    own);
            return;
        }
        LOG.info("{} does not allow programs to run: libraries for zstd and snappy are unpacked into {}", usual, own);
        PROPERTIES.stream()
                .filter(property -> !isGiven(property))
                .forEach(property -> System.setProperty(property, own.toString()));
    }

    private static boolean isGiven(String property) {
        String given = System.getProperty(property);
        return given != null && Files.isDirectory(Path.of(given));
    }

    /** The kernel reports an executable file as executable only if its file system allows programs to run. */
    private static boolean runsPrograms(Path directory) {
        try {
            Path file = Files.createTempFile(directory, "aeon-", ".so");
            try {
                return file.toFile().setExecutable(true) && Files.isExecutable(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** Deletes the libraries of earlier processes, because a process does not delete its own. */
    private static void empty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                Files.delete(entry);
            }
        }
    }
}
