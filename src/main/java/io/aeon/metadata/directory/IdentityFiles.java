package io.aeon.metadata.directory;

import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.metadata.properties.MetaProperties;
import org.apache.kafka.metadata.properties.MetaPropertiesVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two files that state to which node and cluster a data directory belongs: Kafka's own file, and a copy under a
 * name that Kafka ignores. The copy marks the directory as Aeon's. If Kafka's file is lost or damaged, it is restored
 * from the copy.
 */
public final class IdentityFiles {
    public static final String KAFKAS = "meta.properties";
    public static final String OWN = ".aeon";

    private static final Logger logger = LoggerFactory.getLogger(IdentityFiles.class);

    private IdentityFiles() {}

    /**
     * Reads the identity from the directory's files; empty if both files are missing.
     *
     * @throws ConfigException both files are unusable and at least one exists, or they contradict each other, or a
     *     newer program wrote them; the message states why
     */
    static Optional<MetaProperties> read(LogFiles files, Path dataDir) throws IOException {
        Content kafkas = Content.of(dataDir.resolve(KAFKAS));
        Content own = Content.of(dataDir.resolve(OWN));
        if (kafkas.properties != null) {
            requireSameOwner(dataDir, kafkas.properties, own.properties);
            if (!kafkas.text.equals(own.text)) {
                DurableFile.replace(files, dataDir.resolve(OWN), kafkas.text);
            }
            return Optional.of(kafkas.properties);
        }
        if (own.properties != null) {
            logger.warn("{} is restored from its copy {}: {}", dataDir.resolve(KAFKAS), OWN, kafkas.problem);
            DurableFile.replace(files, dataDir.resolve(KAFKAS), own.text);
            return Optional.of(own.properties);
        }
        if (kafkas.isMissing() && own.isMissing()) {
            return Optional.empty();
        }
        throw new ConfigException("The file " + dataDir.resolve(KAFKAS) + " is damaged: " + kafkas.problem
                + ". Its copy " + OWN + " beside it cannot replace it: " + own.problem
                + ". Restore one of them from a backup; no other file of the directory was changed.");
    }

    private static void requireSameOwner(Path dataDir, MetaProperties kafkas, @Nullable MetaProperties own) {
        if (own != null
                && !(own.clusterId().equals(kafkas.clusterId()) && own.nodeId().equals(kafkas.nodeId()))) {
            throw new ConfigException("The data directory " + dataDir + " belongs to " + owner(kafkas) + " by its file "
                    + KAFKAS + " and to " + owner(own) + " by the copy " + OWN
                    + ": put back the one that belongs to the data, and remove the other one.");
        }
    }

    private static String owner(MetaProperties identity) {
        return "node " + identity.nodeId().orElseThrow() + " of cluster "
                + identity.clusterId().orElseThrow();
    }

    /** Writes the identity of a directory that has none, with a new directory id. */
    static MetaProperties create(MetadataEnvironment environment, Path dataDir, String clusterId, int nodeId) {
        MetaProperties properties = new MetaProperties.Builder()
                .setVersion(MetaPropertiesVersion.V1)
                .setClusterId(clusterId)
                .setNodeId(nodeId)
                .setDirectoryId(environment.uuids().get())
                .build();
        write(environment.files(), dataDir, properties);
        return properties;
    }

    private static void write(LogFiles files, Path dataDir, MetaProperties properties) {
        StringBuilder text = new StringBuilder();
        properties
                .toProperties()
                .forEach((name, value) ->
                        text.append(name).append('=').append(value).append('\n'));
        DurableFile.replace(files, dataDir.resolve(OWN), text.toString());
        DurableFile.replace(files, dataDir.resolve(KAFKAS), text.toString());
    }

    /**
     * The content of one of the files.
     *
     * @param properties null if there is a {@code problem}
     */
    private record Content(String text, @Nullable MetaProperties properties, String problem) {
        private static final String MISSING = "it is missing";

        static Content of(Path file) throws IOException {
            String text;
            try {
                text = Files.readString(file);
            } catch (NoSuchFileException e) {
                return new Content("", null, MISSING);
            } catch (CharacterCodingException e) {
                return new Content("", null, "it is not text");
            }
            if (text.isBlank()) {
                return new Content(text, null, "it is empty");
            }
            try {
                Properties properties = new Properties();
                properties.load(new StringReader(text));
                requireKnownVersion(file, properties);
                return of(text, new MetaProperties.Builder(properties).build());
            } catch (NewerFormatException e) {
                throw e;
            } catch (RuntimeException e) {
                return new Content(text, null, String.valueOf(e.getMessage()).replaceFirst("\\.$", ""));
            }
        }

        private static void requireKnownVersion(Path file, Properties properties) {
            String version = properties.getProperty("version", "").strip();
            int newest = MetaPropertiesVersion.V1.number();
            if (version.matches("[1-9]\\d{0,8}") && Integer.parseInt(version) > newest) {
                throw new NewerFormatException("The file " + file + " has version " + version
                        + ", this program reads versions up to " + newest
                        + ": a newer program has used the data directory; start that one.");
            }
        }

        private static Content of(String text, MetaProperties properties) {
            if (properties.nodeId().isEmpty()) {
                return new Content(text, null, "it has no node.id");
            }
            if (properties.clusterId().isEmpty()) {
                return new Content(text, null, "it has no cluster.id");
            }
            if (properties.directoryId().isEmpty()) {
                return new Content(text, null, "it has no directory.id");
            }
            return new Content(text, properties, "");
        }

        boolean isMissing() {
            return problem.equals(MISSING);
        }
    }
}
