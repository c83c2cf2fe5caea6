package io.aeon.broker.disk;

import io.aeon.storage.file.StorageException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The data directories of a broker, and which of them holds each of its partitions. A broker with one data directory
 * keeps nothing for a partition. Thread-safe.
 */
public final class Disks {
    private final List<Path> directories;
    private final List<Disk> usable;
    private final Map<TopicPartition, Disk> placed = new ConcurrentHashMap<>();
    private final Map<Path, Integer> counts = new ConcurrentHashMap<>();
    private final Map<TopicPartition, FutureReplica> futures = new ConcurrentHashMap<>();
    private final Map<TopicPartition, String> lost = new ConcurrentHashMap<>();

    /**
     * @param directories all data directories of the settings
     * @param usable those that can be used since the start, at least the first one
     */
    public Disks(List<Path> directories, List<Disk> usable) {
        this.directories = List.copyOf(directories);
        this.usable = List.copyOf(usable);
    }

    /** All data directories of the settings, also those that cannot be used. */
    public List<Path> directories() {
        return directories;
    }

    /** The data directories that can be used since the start. */
    public List<Disk> usable() {
        return usable;
    }

    /** Whether each data directory of the settings can be used since the start. */
    public boolean areAllUsable() {
        return usable.size() == directories.size();
    }

    /** The data directory with the metadata. */
    public Disk first() {
        return usable.get(0);
    }

    public Optional<Disk> withId(Uuid id) {
        return usable.stream().filter(disk -> disk.id().equals(id)).findFirst();
    }

    /** The data directory with this path; empty if there is none, or it cannot be used since the start. */
    public Optional<Disk> at(Path directory) {
        return usable.stream()
                .filter(disk -> disk.directory().equals(directory))
                .findFirst();
    }

    /** The data directory that holds the partition; empty if the partition is not placed yet, or is lost. */
    public Optional<Disk> holding(TopicPartition partition) {
        if (isLost(partition)) {
            return Optional.empty();
        }
        return usable.size() == 1 ? Optional.of(first()) : Optional.ofNullable(placed.get(partition));
    }

    /**
     * The data directory that holds the partition.
     *
     * @throws StorageException the partition is not placed yet, or is lost
     */
    public Disk of(TopicPartition partition) {
        return holding(partition)
                .orElseThrow(() -> new StorageException(
                        partition + ": " + whyLost(partition).orElse("it has no directory yet")));
    }

    /** Whether the partition is placed, or is known to be lost. */
    public boolean knows(TopicPartition partition) {
        return isLost(partition) || placed.containsKey(partition);
    }

    /** The partition is held by {@code disk} from now on. */
    public void place(TopicPartition partition, Disk disk) {
        if (usable.size() > 1) {
            Disk before = placed.put(partition, disk);
            count(before, -1);
            count(disk, 1);
        }
    }

    /** The partition is offline, because the data directory that holds it is missing. */
    public void lose(TopicPartition partition, String why) {
        lost.put(partition, why);
    }

    public boolean isLost(TopicPartition partition) {
        return !lost.isEmpty() && lost.containsKey(partition);
    }

    /** Why the partition is offline; empty if it is not lost. */
    public Optional<String> whyLost(TopicPartition partition) {
        return Optional.ofNullable(lost.get(partition));
    }

    /** The partition was deleted. */
    public void forget(TopicPartition partition) {
        lost.remove(partition);
        count(placed.remove(partition), -1);
    }

    private void count(@Nullable Disk disk, int change) {
        if (disk != null) {
            counts.merge(disk.directory(), change, Integer::sum);
        }
    }

    /** The partition is being copied; with null it no longer is. */
    public void setFuture(TopicPartition partition, @Nullable FutureReplica future) {
        if (future == null) {
            futures.remove(partition);
        } else {
            futures.put(partition, future);
        }
    }

    /** The copy of a partition that moves to another data directory. */
    public Optional<FutureReplica> future(TopicPartition partition) {
        return Optional.ofNullable(futures.get(partition));
    }

    /** The data directory for a new partition: the one with the fewest partitions that has no problem. */
    public Disk emptiest() {
        return usable.stream()
                .filter(disk -> disk.health().problem().isEmpty())
                .min(Comparator.comparingInt(disk -> counts.getOrDefault(disk.directory(), 0)))
                .orElse(first());
    }

    /** The partitions that {@code disk} holds, in any order; empty if the broker has only one data directory. */
    public Stream<TopicPartition> partitionsOf(Disk disk) {
        return placed.entrySet().stream()
                .filter(each -> each.getValue().equals(disk))
                .map(Map.Entry::getKey);
    }
}
