package io.aeon.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the codecs zstd and snappy unpack their libraries: the JVM's temporary directory, unless that lets no program run
 * (mount option noexec) or is read-only. Then it is a directory of the broker's own.
 */
final class NativeLibraries {
    private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
    private static final String DIRECTORY = ".native";
    /** By these the libraries' own loaders are told. */
    private static final List<String> PROPERTIES = List.of("ZstdTempFolder", "org.xerial.snappy.tempdir");

    private NativeLibraries() {}

    /** Looks for a place before the first use, which decides for the whole life of the JVM. */
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
                    "Neither {} nor {} lets programs run: batches compressed with zstd or snappy will be refused;"
                            + " AEON_JVM_OPTS=-Djava.io.tmpdir=DIR names another directory",
                    usual,
                    own);
            return;
        }
        LOG.info("{} lets no program run: libraries for zstd and snappy are unpacked into {}", usual, own);
        PROPERTIES.stream()
                .filter(property -> !isGiven(property))
                .forEach(property -> System.setProperty(property, own.toString()));
    }

    private static boolean isGiven(String property) {
        String given = System.getProperty(property);
        return given != null && Files.isDirectory(Path.of(given));
    }

    /** The kernel says of a file that may be executed whether its file system lets it. */
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

    /** A process that ends removes none of its libraries. */
    private static void empty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                Files.delete(entry);
            }
        }
    }
}
