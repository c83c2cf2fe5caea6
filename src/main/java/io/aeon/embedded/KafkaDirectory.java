package io.aeon.embedded;

import io.aeon.metadata.directory.IdentityFiles;
import io.aeon.metadata.image.KafkaMetadata;
import io.aeon.metadata.image.KafkaMetadataReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;

/** The data directory of a stopped Apache Kafka node that was both broker and controller. */
record KafkaDirectory(Path path) {
    static final String CLEAN_STOP = ".kafka_cleanshutdown";

    private static final String METADATA = "__cluster_metadata-0";
    private static final String LOG_STARTS = "log-start-offset-checkpoint";
    private static final String HALF_DONE = ".swap";
    private static final String REMOVED = ".deleted";
    private static final Pattern PARTITION = Pattern.compile("[a-zA-Z0-9._-]+-\\d{1,9}");

    /** @throws StartException the directory cannot be imported; the message states why */
    static KafkaDirectory of(Path path) {
        if (!Files.isRegularFile(path.resolve(IdentityFiles.KAFKAS))) {
            throw new StartException(
                    path + " is not a data directory of Kafka: it has no file " + IdentityFiles.KAFKAS);
        }
        if (!Files.isDirectory(path.resolve(METADATA))) {
            throw new StartException(path + " has no " + METADATA
                    + ": only a node that is both broker and controller, with one log directory, can be imported");
        }
        return new KafkaDirectory(path);
    }

    /**
     * What is copied and has no effect in Aeon, a line each.
     *
     * @throws StartException the directory is not all that the cluster has; the message states why
     */
    List<String> withoutEffect() throws IOException {
        try {
            KafkaMetadata metadata = KafkaMetadataReader.read(path.resolve(METADATA));
            metadata.missing().ifPresent(reason -> {
                throw new StartException(path + " cannot be imported: " + reason);
            });
            List<String> lines = new ArrayList<>(metadata.withoutEffect());
            KafkaGroups.in(partitions())
                    .forEach((kind, groups) -> lines.add(kind + " groups " + String.join(", ", groups)
                            + ": Aeon does not have this kind of groups yet"));
            return lines;
        } catch (ConfigException e) {
            throw new StartException(path + " cannot be imported: " + e.getMessage(), e);
        }
    }

    /** Whether Kafka stopped cleanly, so that all its logs are complete and synced to the disk. */
    boolean wasStoppedCleanly() {
        return Files.exists(path.resolve(CLEAN_STOP));
    }

    /** The directories of all partitions, including that of the metadata log. */
    List<Path> partitions() throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry ->
                            PARTITION.matcher(entry.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    /**
     * The files of one partition.
     *
     * @throws StartException Kafka was stopped during a replacement of segments, which only Kafka can complete
     */
    static List<Path> files(Path partition) throws IOException {
        try (Stream<Path> entries = Files.list(partition)) {
            List<Path> files = entries.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(REMOVED))
                    .toList();
            if (files.stream().anyMatch(file -> file.toString().endsWith(HALF_DONE))) {
                throw new StartException(partition
                        + " was being compacted when Kafka stopped; start Kafka once more and stop it cleanly");
            }
            return files;
        }
    }

    /**
     * The log start offsets that DeleteRecords set, by the name of the partition's directory. A partition without an
     * entry starts at its first segment.
     */
    Map<String, Long> logStarts() throws IOException {
        Map<String, Long> starts = new HashMap<>();
        Path file = path.resolve(LOG_STARTS);
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] fields = line.split(" ", -1);
                if (fields.length == 3) {
                    starts.put(fields[0] + "-" + fields[1], Long.parseLong(fields[2]));
                }
            }
        }
        return starts;
    }
}
