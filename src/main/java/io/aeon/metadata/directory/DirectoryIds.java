package io.aeon.metadata.directory;

import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.metadata.properties.MetaProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ids of a broker's data directories (KIP-858), stored in the {@link IdentityFiles} of each. */
public final class DirectoryIds {
    private static final Logger logger = LoggerFactory.getLogger(DirectoryIds.class);

    private final MetadataDirectory first;
    private final int nodeId;
    private final MetadataEnvironment environment;
    private final Map<Path, Uuid> ids = new LinkedHashMap<>();

    private DirectoryIds(MetadataDirectory first, int nodeId, MetadataEnvironment environment) {
        this.first = first;
        this.nodeId = nodeId;
        this.environment = environment;
    }

    /**
     * Reads the ids, and formats the further directories that are empty. One that cannot be read is left out and named
     * in the log.
     *
     * @param dataDirs all data directories; {@code first} is the identity of the first one
     * @throws ConfigException a further directory belongs to another cluster or node, is a copy of another one, or
     *     holds a metadata log
     */
    public static Map<Path, Uuid> of(
            MetadataDirectory first, List<Path> dataDirs, int nodeId, MetadataEnvironment environment) {
        DirectoryIds directories = new DirectoryIds(first, nodeId, environment);
        directories.add(dataDirs.get(0), first.directoryId());
        dataDirs.subList(1, dataDirs.size()).forEach(directories::addFurther);
        return directories.ids;
    }

    private void addFurther(Path dataDir) {
        try {
            add(dataDir, identity(dataDir).directoryId().orElseThrow());
        } catch (IOException | StorageException e) {
            logger.error("The data directory {} cannot be used, and its partitions are offline", dataDir, e);
        }
    }

    private void add(Path dataDir, Uuid id) {
        ids.forEach((other, otherId) -> {
            if (otherId.equals(id)) {
                throw new ConfigException("The data directories " + other + " and " + dataDir + " have the same id "
                        + id + ": one is a copy of the other. Leave one out.");
            }
        });
        ids.put(dataDir, id);
    }

    private MetaProperties identity(Path dataDir) throws IOException {
        if (Files.exists(dataDir.resolve(MetadataDirectory.LOG))) {
            throw new ConfigException("The data directory " + dataDir + " holds a metadata log " + MetadataDirectory.LOG
                    + ": aeon.data-dir has to name it, and no other may hold one.");
        }
        MetaProperties found = IdentityFiles.read(environment.files(), dataDir).orElse(null);
        if (found == null) {
            logger.info("A new data directory {} for partitions", dataDir);
            return IdentityFiles.create(environment, dataDir, first.clusterId(), nodeId);
        }
        String cluster = found.clusterId().orElseThrow();
        if (!cluster.equals(first.clusterId())) {
            throw new ConfigException("The data directory " + dataDir + " belongs to cluster " + cluster
                    + ", this is cluster " + first.clusterId() + ": name its own data directories.");
        }
        MetadataDirectory.requireOwner(dataDir, nodeId, found);
        return found;
    }
}
