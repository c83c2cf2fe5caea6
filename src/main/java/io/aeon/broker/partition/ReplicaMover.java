package io.aeon.broker.partition;

import io.aeon.broker.disk.Disk;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** Moves replicas of this broker between its data directories (KIP-113). Thread-safe; no method blocks. */
public interface ReplicaMover {
    /**
     * Begins to move the partition to {@code target}, instead of an earlier target; ends a move if the partition is
     * there already. Completes when that is accepted. Fails with a StorageException if the partition is offline.
     */
    CompletableFuture<Void> move(TopicPartition partition, Disk target);
}
