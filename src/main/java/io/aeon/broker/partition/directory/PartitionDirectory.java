package io.aeon.broker.partition.directory;

import io.aeon.broker.disk.Disk;
import io.aeon.storage.batch.Damage;
import io.aeon.storage.file.LogFiles;
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
 * The directory of one partition's files. The topic id stored in it distinguishes them from the files of a deleted
 * topic with the same name. All methods may block on the disk.
 *
 * @param disk the data directory that holds it
 */
public record PartitionDirectory(Disk disk, TopicPartition partition, Uuid topicId) {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionDirectory.class);
    /** The topic name of the metadata log, which looks like a partition but belongs to the metadata engine. */
    private static final String METADATA_TOPIC = "__cluster_metadata";

    public Path path() {
        return disk.directory().resolve(partition.toString());
    }

    private LogFiles files() {
        return disk.environment().files();
    }

    public PartitionLog open(LogConfig config) {
        ClosedLogs.finishDeletion(path(), files());
        if (files().exists(path())) {
            settleOwnership();
        } else {
            disk.health().requirePresent();
        }
        PartitionLog log = PartitionLog.open(path(), config, disk.environment());
        log.recovery()
                .cutReason()
                .ifPresent(reason -> LOG.warn(
                        "{}: {} bytes at the end of the log were never acknowledged and are removed: {}",
                        partition,
                        log.recovery().cutBytes(),
                        reason));
        return log;
    }

    /** Moves the files of a damaged log aside, and opens an empty one in their place. */
    public PartitionLog openAnew(Damage damage, LogConfig config) {
        Path aside = setAside();
        LOG.error(
                "{} is copied again from its leader, because its log is damaged; the files are now in {} and can be"
                        + " deleted: {}",
                partition,
                aside,
                damage);
        return open(config);
    }

    /** Closes {@code log}. A failure is logged, and only costs time at the next opening. */
    public void close(PartitionLog log) {
        try {
            log.close();
        } catch (RuntimeException e) {
            LOG.warn("{} was not closed cleanly", partition, e);
        }
    }

    /**
     * Moves the files of another topic aside instead of deleting them, because one flipped bit in the stored id makes
     * the partition's own files look like another topic's.
     */
    private void settleOwnership() {
        Optional<String> owner = owner();
        if (owner.isPresent() && !owner.get().equals(topicId.toString())) {
            Path aside = setAside();
            LOG.warn(
                    "{} has files of another topic of that name, {}; they are now in {}",
                    partition,
                    owner.get(),
                    aside);
        } else if (owner.isEmpty()) {
            claimIfPossible();
        }
    }

    /** Moves the directory to another name, which is returned. */
    public Path setAside() {
        return ClosedLogs.setAside(path(), files());
    }

    private Optional<String> owner() {
        try {
            return PartitionMetadataFile.read(path(), files());
        } catch (StorageException e) {
            LOG.warn(
                    "{}: the topic id in its directory cannot be read; the files are used as its own: {}",
                    partition,
                    e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Writes the owner if the disk allows it. A log can be opened without an owner, and a full disk cannot take one.
     */
    private void claimIfPossible() {
        try {
            claim();
        } catch (StorageException e) {
            LOG.debug("{}: the topic id could not be written into its directory", partition, e);
        }
    }

    /** Whether its files belong to this topic; files without a readable topic id do. */
    public boolean isOwn() {
        return owner().filter(id -> !id.equals(topicId.toString())).isEmpty();
    }

    /** Creates the directory and writes the topic id into it. */
    public void claim() {
        PartitionMetadataFile.write(path(), topicId.toString(), files());
    }

    /** Removes the files of a partition whose log is not open. */
    public void delete() {
        ClosedLogs.delete(path(), files());
    }

    /** The partitions that have files on {@code disk}. */
    public static List<TopicPartition> existing(Disk disk) {
        try {
            return disk.environment().files().list(disk.directory()).stream()
                    .map(PartitionDirectory::parse)
                    .flatMap(Optional::stream)
                    .filter(partition -> !partition.topic().equals(METADATA_TOPIC))
                    .toList();
        } catch (IOException e) {
            throw StorageException.of("cannot list " + disk, e);
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
