package io.aeon.broker;

import io.aeon.storage.LogConfig;
import io.aeon.storage.LogEnvironment;
import io.aeon.storage.PartitionLog;
import io.aeon.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Where one partition's files are, and their coming and going. All methods may wait for the disk.
 *
 * @param parent the broker's data directory
 */
record PartitionDirectory(Path parent, TopicPartition partition, Uuid topicId, LogEnvironment environment) {
    private static final String DELETED = "-delete";
    /** The metadata log: it looks like a partition, but is the metadata engine's. */
    private static final String METADATA_TOPIC = "__cluster_metadata";

    private static final int LONGEST_NAME = 255;

    Path path() {
        return parent.resolve(partition.toString());
    }

    /** Opens the log and makes what recovery found in it durable, so that no reader sees what a power cut may take. */
    PartitionLog open(LogConfig config) {
        PartitionLog log = PartitionLog.open(path(), config, environment);
        log.flush();
        return log;
    }

    /** Removes the partition: out of the way first, so that a crash half-way leaves no half partition. */
    void delete() {
        try {
            if (Files.exists(path())) {
                Path aside = parent.resolve(asideName());
                Files.move(path(), aside);
                deleteTree(aside);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new StorageException("cannot delete " + path(), e);
        }
    }

    private String asideName() {
        String suffix = "." + topicId.toString() + DELETED;
        String name = partition.toString();
        return name.substring(0, Math.min(name.length(), LONGEST_NAME - suffix.length())) + suffix;
    }

    /** Finishes the deletions that a crash cut short. */
    static void deleteLeftovers(Path parent) {
        for (Path each : list(parent)) {
            if (each.getFileName().toString().endsWith(DELETED)) {
                deleteTree(each);
            }
        }
    }

    /** The partitions that have files under {@code parent}. */
    static List<TopicPartition> existing(Path parent) {
        return list(parent).stream()
                .map(path -> parse(path.getFileName().toString()))
                .flatMap(Optional::stream)
                .filter(partition -> !partition.topic().equals(METADATA_TOPIC))
                .toList();
    }

    private static List<Path> list(Path parent) {
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(Files::isDirectory).toList();
        } catch (IOException e) {
            throw new StorageException("cannot list " + parent, e);
        }
    }

    private static Optional<TopicPartition> parse(String name) {
        int dash = name.lastIndexOf('-');
        if (dash <= 0 || !name.substring(dash + 1).matches("\\d{1,9}")) {
            return Optional.empty();
        }
        return Optional.of(new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1))));
    }

    private static void deleteTree(Path root) {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new StorageException("cannot delete " + root, e);
        }
    }

    @Override
    public String toString() {
        return partition.toString();
    }
}
