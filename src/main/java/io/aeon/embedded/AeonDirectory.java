package io.aeon.embedded;

import io.aeon.metadata.IdentityFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What tells a data directory of Aeon from one of Kafka, or of something else altogether. */
final class AeonDirectory {
    private static final String METADATA = "__cluster_metadata-0";
    /** What versions that wrote no mark left in the metadata log's directory, and Kafka does not. */
    private static final List<String> OF_EARLIER_VERSIONS =
            List.of("recovery.checkpoint", "recovery-checkpoint", "reserve");

    private static final String OF_THE_FILE_SYSTEM = "lost+found";
    /** What a first start that was cut short may have left. */
    private static final Set<String> BEGINNINGS = Set.of(IdentityFiles.KAFKAS, IdentityFiles.KAFKAS + ".tmp", METADATA);

    private AeonDirectory() {}

    /**
     * Changes nothing.
     *
     * @return the directory: Aeon's, empty, or not there yet
     * @throws StartException it holds something that is not Aeon's
     */
    static Path require(Path directory) {
        try {
            if (!Files.isDirectory(directory) || isOurs(directory)) {
                return directory;
            }
            Optional<String> strange = strange(directory);
            if (strange.isEmpty()) {
                return directory;
            }
            throw Files.exists(directory.resolve(IdentityFiles.KAFKAS))
                    ? new StartException("the data directory " + directory + " was made by Apache Kafka; copy its data"
                            + " into one of Aeon's: aeon import " + directory + " --data NEW_DIRECTORY")
                    : new StartException("the data directory " + directory + " is not Aeon's: it holds " + strange.get()
                            + "; choose an empty directory, or one that Aeon has made");
        } catch (IOException e) {
            throw new StartException("the data directory " + directory + " cannot be read: " + FileProblem.of(e), e);
        }
    }

    private static boolean isOurs(Path directory) {
        Path metadata = directory.resolve(METADATA);
        return Files.exists(directory.resolve(IdentityFiles.OWN))
                || OF_EARLIER_VERSIONS.stream().anyMatch(name -> Files.exists(metadata.resolve(name)));
    }

    /** Something that a directory of Aeon does not begin with. Hidden files are nobody's data. */
    private static Optional<String> strange(Path directory) throws IOException {
        Path metadata = directory.resolve(METADATA);
        if (Files.isDirectory(metadata)) {
            try (Stream<Path> entries = Files.list(metadata)) {
                if (entries.findAny().isPresent()) {
                    return Optional.of(METADATA);
                }
            }
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith(".") && !name.equals(OF_THE_FILE_SYSTEM))
                    .filter(name -> !BEGINNINGS.contains(name))
                    .sorted()
                    .findFirst();
        }
    }
}
