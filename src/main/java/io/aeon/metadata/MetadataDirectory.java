package io.aeon.metadata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.metadata.properties.MetaProperties;
import org.apache.kafka.metadata.properties.MetaPropertiesVersion;

/**
 * The data directory's identity, kept in Kafka's {@code meta.properties}.
 *
 * @param log directory of the metadata log
 * @param directoryId names the data directory to the controller
 */
record MetadataDirectory(Path log, String clusterId, Uuid directoryId) {
    private static final String IDENTITY = "meta.properties";
    private static final String LOG = "__cluster_metadata-0";

    /**
     * Opens a data directory, or makes an empty one the home of a new cluster.
     *
     * @throws ConfigException the directory belongs to another node, or holds metadata of an unknown cluster
     */
    static MetadataDirectory open(Path dataDir, int nodeId) {
        try {
            Path identity = dataDir.resolve(IDENTITY);
            MetaProperties properties = Files.exists(identity) ? read(identity) : format(dataDir, nodeId);
            return of(dataDir, nodeId, properties);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MetadataDirectory of(Path dataDir, int nodeId, MetaProperties properties) throws IOException {
        int owner = properties.nodeId().orElse(-1);
        if (owner != nodeId) {
            throw new ConfigException("The data directory " + dataDir + " belongs to node " + owner + ", this is node "
                    + nodeId + ": start it with its own data directory.");
        }
        String clusterId = properties
                .clusterId()
                .orElseThrow(() -> new ConfigException("No cluster.id in " + dataDir.resolve(IDENTITY)));
        Uuid directoryId = properties
                .directoryId()
                .orElseThrow(() -> new ConfigException("No directory.id in " + dataDir.resolve(IDENTITY)));
        return new MetadataDirectory(Files.createDirectories(dataDir.resolve(LOG)), clusterId, directoryId);
    }

    private static MetaProperties read(Path identity) throws IOException {
        Properties properties = new Properties();
        try (var in = Files.newInputStream(identity)) {
            properties.load(in);
        }
        return new MetaProperties.Builder(properties).build();
    }

    private static MetaProperties format(Path dataDir, int nodeId) throws IOException {
        if (Files.exists(dataDir.resolve(LOG))) {
            throw new ConfigException("The data directory " + dataDir + " holds a metadata log but no " + IDENTITY
                    + ": restore that file, or the topics would be lost.");
        }
        Files.createDirectories(dataDir);
        MetaProperties properties = new MetaProperties.Builder()
                .setVersion(MetaPropertiesVersion.V1)
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(nodeId)
                .setDirectoryId(Uuid.randomUuid())
                .build();
        StringBuilder text = new StringBuilder();
        properties
                .toProperties()
                .forEach((name, value) ->
                        text.append(name).append('=').append(value).append('\n'));
        DurableFile.replace(dataDir.resolve(IDENTITY), text.toString());
        return properties;
    }
}
