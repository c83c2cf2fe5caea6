package io.aeon.embedded;

import io.aeon.metadata.directory.IdentityFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Distinguishes a data directory of Aeon from one of Kafka and from any other directory. */
final class AeonDirectory {
    private static final String METADATA = "__cluster_metadata-0";
    /**
     * Files that earlier versions of Aeon, which wrote no mark, left in the directory of the metadata log. Kafka does
     * not write them.
     */
    private static final List<String> OF_EARLIER_VERSIONS =
            List.of("recovery.checkpoint", "recovery-checkpoint", "reserve");

    private static final String OF_THE_FILE_SYSTEM = "lost+found";
    /** Files that an interrupted first start can leave behind. */
    private static final Set<String> BEGINNINGS = Set.of(IdentityFiles.KAFKAS, IdentityFiles.KAFKAS + ".tmp", METADATA);

    private AeonDirectory() {}

    /**
     * Checks the directory and changes nothing.
     *
     * @return {@code directory}, which is Aeon's, empty, or does not exist
     * @throws StartException the directory holds files of another program
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
                            + " into a new directory with: aeon import " + directory + " --data NEW_DIRECTORY")
                    : new StartException("the data directory " + directory + " is not one of Aeon: it holds "
                            + strange.get() + "; choose an empty directory, or one that Aeon has created");
        } catch (IOException e) {
            throw new StartException("the data directory " + directory + " cannot be read: " + FileProblem.of(e), e);
        }
    }

    private static boolean isOurs(Path directory) {
        Path metadata = directory.resolve(METADATA);
        return Files.exists(directory.resolve(IdentityFiles.OWN))
                || OF_EARLIER_VERSIONS.stream().anyMatch(name -> Files.exists(metadata.resolve(name)));
    }

    /** The first entry that an interrupted first start of Aeon cannot have left. Hidden files are ignored. */
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
