package io.aeon.metadata.directory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.metadata.properties.MetaProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identity of the first data directory, stored in {@link IdentityFiles}.
 *
 * @param log directory of the metadata log
 * @param directoryId id under which the controller knows the data directory
 */
public record MetadataDirectory(Path log, String clusterId, Uuid directoryId) {
    private static final Logger logger = LoggerFactory.getLogger(MetadataDirectory.class);
    /** Name of the directory with the metadata log. */
    static final String LOG = "__cluster_metadata-0";

    /**
     * Opens a data directory; formats an empty one.
     *
     * @param cluster the cluster id for a directory that is formatted
     * @throws ConfigException the directory belongs to another node, or its identity is damaged or lost
     */
    public static MetadataDirectory open(
            Path dataDir, int nodeId, MetadataEnvironment environment, Supplier<String> cluster) {
        try {
            Optional<MetaProperties> found = IdentityFiles.read(environment.files(), dataDir);
            MetaProperties properties = found.isPresent() ? found.get() : format(dataDir, nodeId, environment, cluster);
            MetadataDirectory directory = of(dataDir, nodeId, properties);
            logger.info(
                    "Node {} of cluster {}, {} data directory {}",
                    nodeId,
                    directory.clusterId(),
                    found.isPresent() ? "the" : "a new",
                    dataDir);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MetadataDirectory of(Path dataDir, int nodeId, MetaProperties properties) throws IOException {
        requireOwner(dataDir, nodeId, properties);
        if (!Files.exists(dataDir.resolve(LOG)) && holdsPartitions(dataDir)) {
            throw new ConfigException("The data directory " + dataDir + " holds partitions but not the metadata log "
                    + LOG + ": aeon.data-dir has to name the data directory that holds it.");
        }
        return new MetadataDirectory(
                Files.createDirectories(dataDir.resolve(LOG)),
                properties.clusterId().orElseThrow(),
                properties.directoryId().orElseThrow());
    }

    /** @throws ConfigException the directory belongs to another node */
    static void requireOwner(Path dataDir, int nodeId, MetaProperties properties) {
        int owner = properties.nodeId().orElse(-1);
        if (owner != nodeId) {
            throw new ConfigException("The data directory " + dataDir + " belongs to node " + owner + ", this is node "
                    + nodeId + ": set aeon.node-id = " + owner + ", or aeon.data-dir to the directory of this node.");
        }
    }

    private static boolean holdsPartitions(Path dataDir) throws IOException {
        try (Stream<Path> entries = Files.list(dataDir)) {
            return entries.anyMatch(
                    entry -> entry.getFileName().toString().matches(".+-\\d+") && Files.isDirectory(entry));
        }
    }

    private static MetaProperties format(
            Path dataDir, int nodeId, MetadataEnvironment environment, Supplier<String> cluster) throws IOException {
        if (Files.exists(dataDir.resolve(LOG))) {
            throw new ConfigException("The data directory " + dataDir + " holds a metadata log but no "
                    + IdentityFiles.KAFKAS
                    + ": restore that file, or the topics would be lost.");
        }
        Files.createDirectories(dataDir);
        return IdentityFiles.create(environment, dataDir, cluster.get(), nodeId);
    }
}
