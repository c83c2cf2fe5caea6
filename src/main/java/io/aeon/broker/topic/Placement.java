package io.aeon.broker.topic;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.Disks;
import io.aeon.broker.partition.FoundPartitions;
import io.aeon.broker.partition.directory.PartitionDirectory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Decides which data directory holds each partition of this broker: the one with its files, else the one in the
 * metadata, else, for a new partition, the one with the fewest partitions, as in Kafka. A partition whose data
 * directory is missing is lost until a start finds it again; it is never created anew without its records, unless
 * another broker leads it, from which they are copied. Not thread-safe.
 */
final class Placement {
    private final Disks disks;
    private final Map<Disk, FoundPartitions> found = new HashMap<>();
    private final Map<TopicPartition, List<Disk>> unexpected = new HashMap<>();
    /** Lost partitions whose data directory is missing. */
    private final Set<TopicPartition> missing = new HashSet<>();

    private final List<PartitionDirectory> leftovers = new ArrayList<>();

    Placement(Disks disks) {
        this.disks = disks;
    }

    /** The files at the start, which precede the metadata. */
    void found(Map<Disk, FoundPartitions> onDisks) {
        found.putAll(onDisks);
        onDisks.forEach((disk, partitions) -> partitions
                .unexpected()
                .forEach(partition -> unexpected
                        .computeIfAbsent(partition, absent -> new ArrayList<>(1))
                        .add(disk)));
    }

    /** All partitions of the start are settled: the files that were found are no longer needed. */
    void started() {
        found.clear();
        unexpected.clear();
    }

    /**
     * Finds the place of a partition, unless it is known already.
     *
     * @param recorded the directory id in the metadata
     * @param isCopied whether another broker leads the partition
     * @return false if the partition is lost
     */
    boolean settle(TopicPartition partition, Uuid topicId, Optional<Uuid> recorded, boolean isCopied) {
        boolean canBeCopied = isCopied && disks.areAllUsable();
        if (canBeCopied && missing.remove(partition)) {
            disks.forget(partition);
        }
        if (!disks.knows(partition)) {
            Disk named = recorded.flatMap(disks::withId).orElse(null);
            List<Disk> elsewhere = unexpected.getOrDefault(partition, List.of());
            if (!elsewhere.isEmpty()) {
                settleFound(new TopicIdPartition(topicId, partition), named, elsewhere);
            } else if (named != null) {
                disks.place(partition, named);
            } else if (recorded.isPresent() && !canBeCopied) {
                missing.add(partition);
                disks.lose(partition, "the data directory with id " + recorded.get() + " is missing");
            } else {
                disks.place(partition, disks.emptiest());
            }
        }
        return !disks.isLost(partition);
    }

    /** @param elsewhere data directories with the partition's files that are not the one in the metadata */
    private void settleFound(TopicIdPartition partition, @Nullable Disk named, List<Disk> elsewhere) {
        TopicPartition name = partition.topicPartition();
        if (named != null && hasFiles(name, named)) {
            disks.place(name, named);
            elsewhere.forEach(disk -> leftovers.add(new PartitionDirectory(disk, name, partition.topicId())));
        } else if (elsewhere.size() == 1) {
            Disk disk = elsewhere.get(0);
            disks.place(name, disk);
        } else {
            disks.lose(name, "several data directories hold its files, of which one has to go: " + elsewhere);
        }
    }

    private boolean hasFiles(TopicPartition partition, Disk disk) {
        FoundPartitions there = found.get(disk);
        return there != null && there.withFiles().contains(partition);
    }

    /**
     * Directories of partitions that another data directory holds, as the metadata say: a move has left them. The next
     * call returns only further ones.
     */
    List<PartitionDirectory> takeLeftovers() {
        List<PartitionDirectory> taken = List.copyOf(leftovers);
        leftovers.clear();
        return taken;
    }
}
