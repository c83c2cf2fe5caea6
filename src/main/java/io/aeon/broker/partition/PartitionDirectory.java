package io.aeon.broker.partition;

import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.ClosedLogs;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.log.PartitionMetadataFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where one partition's files are, and whose they are: the topic's id in the directory tells them from those of a
 * deleted topic of the same name. All methods may wait for the disk.
 *
 * @param parent the broker's data directory
 */
public record PartitionDirectory(Path parent, TopicPartition partition, Uuid topicId, LogEnvironment environment) {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionDirectory.class);
    /** The metadata log: it looks like a partition, but is the metadata engine's. */
    private static final String METADATA_TOPIC = "__cluster_metadata";

    Path path() {
        return parent.resolve(partition.toString());
    }

    PartitionLog open(LogConfig config) {
        ClosedLogs.finishDeletion(path(), environment.files());
        if (environment.files().exists(path())) {
            settleOwnership();
        }
        PartitionLog log = PartitionLog.open(path(), config, environment);
        log.recovery()
                .cutReason()
                .ifPresent(reason -> LOG.warn(
                        "{}: {} bytes at the end were never acknowledged and are cut off: {}",
                        partition,
                        log.recovery().cutBytes(),
                        reason));
        return log;
    }

    /** Closes what was opened; what cannot be written down at that costs the next opening time. */
    void close(PartitionLog log) {
        try {
            log.close();
        } catch (RuntimeException e) {
            LOG.warn("{} was not closed in order", partition, e);
        }
    }

    /** Another topic's files are never deleted for it: one flipped bit in the id makes its own look like that. */
    private void settleOwnership() {
        Optional<String> owner = owner();
        if (owner.isPresent() && !owner.get().equals(topicId.toString())) {
            Path aside = ClosedLogs.setAside(path(), environment.files());
            LOG.warn(
                    "{} has files of another topic of that name, {}; they are now in {}",
                    partition,
                    owner.get(),
                    aside);
        } else if (owner.isEmpty()) {
            claimIfPossible();
        }
    }

    private Optional<String> owner() {
        try {
            return PartitionMetadataFile.read(path(), environment.files());
        } catch (StorageException e) {
            LOG.warn(
                    "{}: whose files these are cannot be read, they are taken for its own: {}",
                    partition,
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** To be opened it needs no owner, and on a full disk it could not have one. */
    private void claimIfPossible() {
        try {
            claim();
        } catch (StorageException e) {
            LOG.debug("{}: whose files these are could not be written down", partition, e);
        }
    }

    /** Makes the directory, and writes down whose it is. */
    void claim() {
        PartitionMetadataFile.write(path(), topicId.toString(), environment.files());
    }

    /** Removes a partition that is not open. */
    void delete() {
        ClosedLogs.delete(path(), environment.files());
    }

    /** The partitions that have files under {@code parent}. */
    public static List<TopicPartition> existing(Path parent, LogEnvironment environment) {
        try {
            return environment.files().list(parent).stream()
                    .map(PartitionDirectory::parse)
                    .flatMap(Optional::stream)
                    .filter(partition -> !partition.topic().equals(METADATA_TOPIC))
                    .toList();
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

    @Override
    public String toString() {
        return partition.toString();
    }
}
