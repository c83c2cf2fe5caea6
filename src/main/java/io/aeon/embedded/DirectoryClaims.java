package io.aeon.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The locks of one broker on all its data directories. */
final class DirectoryClaims {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryClaims.class);

    private final OpenParts parts;
    private final List<Path> claimed = new ArrayList<>();

    private DirectoryClaims(OpenParts parts) {
        this.parts = parts;
    }

    /**
     * Checks and locks the directories. A further directory that its disk does not let be used is named in the log.
     *
     * @param directories the first one holds the metadata
     * @param parts receives the locks
     * @return the directories that can be used
     * @throws StartException the first directory cannot be used, or one of them is that of another program or is in use
     */
    static List<Path> of(List<Path> directories, OpenParts parts) {
        DirectoryClaims claims = new DirectoryClaims(parts);
        claims.claim(directories.get(0));
        directories.subList(1, directories.size()).forEach(claims::claimFurther);
        return claims.claimed;
    }

    private void claimFurther(Path directory) {
        try {
            claim(directory);
        } catch (StartException e) {
            if (!(e.getCause() instanceof IOException)) {
                throw e;
            }
            LOG.error("{}; its partitions are offline", e.getMessage());
        }
    }

    private void claim(Path directory) {
        AeonDirectory.require(directory);
        requireApart(directory);
        parts.openedGround("data directory " + directory, DataDirectory.claim(directory));
        claimed.add(directory);
    }

    /** The settings tell directories apart by their names; this check sees links too. */
    private void requireApart(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Path real = directory.toRealPath();
            for (Path other : claimed) {
                Path realOther = other.toRealPath();
                if (real.startsWith(realOther) || realOther.startsWith(real)) {
                    throw new StartException("the data directories " + other + " and " + directory
                            + (real.equals(realOther) ? " are the same" : " lie one inside the other")
                            + "; aeon.further-data-dirs needs directories apart from each other");
                }
            }
        } catch (IOException e) {
            throw new StartException("the data directory " + directory + " cannot be used: " + FileProblem.of(e), e);
        }
    }
}
