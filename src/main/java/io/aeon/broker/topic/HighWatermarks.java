package io.aeon.broker.topic;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.Disks;
import io.aeon.broker.partition.FoundPartitions;
import io.aeon.storage.log.HighWatermarkFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The last known high watermarks of all partitions; each data directory has a checkpoint of those of its partitions.
 * Not thread-safe.
 */
final class HighWatermarks {
    private final Disks disks;
    private final Map<Path, HighWatermarkCheckpoint> checkpoints = new HashMap<>();

    HighWatermarks(Disks disks) {
        this.disks = disks;
        disks.usable()
                .forEach(disk -> checkpoints.put(
                        disk.directory(),
                        new HighWatermarkCheckpoint(offsets -> write(disk, offsets), disk.blocking())));
    }

    private static void write(Disk disk, Map<TopicPartition, Long> offsets) {
        Map<String, Long> byDirectory = new HashMap<>();
        offsets.forEach((partition, offset) -> byDirectory.put(partition.toString(), offset));
        HighWatermarkFile.write(
                disk.directory(), byDirectory, disk.environment().files());
    }

    /** @see HighWatermarkCheckpoint#read */
    void read(Disk disk, FoundPartitions found) {
        all(disk).forEach(checkpoint -> checkpoint.read(found));
    }

    /** The last known high watermark; 0 if none is known. */
    long of(TopicPartition partition) {
        HighWatermarkCheckpoint checkpoint = checkpoint(partition);
        return checkpoint == null ? 0 : checkpoint.of(partition);
    }

    void update(TopicPartition partition, long highWatermark) {
        HighWatermarkCheckpoint checkpoint = checkpoint(partition);
        if (checkpoint != null) {
            checkpoint.update(partition, highWatermark);
        }
    }

    /** Removes a partition whose files are deleted. */
    void forget(TopicPartition partition) {
        update(partition, 0);
    }

    /** @see HighWatermarkCheckpoint#writeIfChanged */
    void writeIfChanged() {
        checkpoints.values().forEach(HighWatermarkCheckpoint::writeIfChanged);
    }

    /** Completes when every checkpoint contains the current high watermarks or cannot be written. Never fails. */
    CompletableFuture<Void> writeLast() {
        return CompletableFuture.allOf(checkpoints.values().stream()
                .map(HighWatermarkCheckpoint::writeLast)
                .toArray(CompletableFuture[]::new));
    }

    private @Nullable HighWatermarkCheckpoint checkpoint(TopicPartition partition) {
        return disks.holding(partition)
                .map(disk -> checkpoints.get(disk.directory()))
                .orElse(null);
    }

    private Stream<HighWatermarkCheckpoint> all(Disk disk) {
        return Stream.ofNullable(checkpoints.get(disk.directory()));
    }
}
