package io.aeon.coordinator.transaction;

import org.apache.kafka.common.TopicPartition;

/**
 * The marker that ends a transaction in one of its partitions. The result comes back as
 * {@link TransactionCommand.MarkerWritten} or {@link TransactionCommand.MarkerFailed}.
 *
 * @param transactionVersion the producer's transaction.version
 */
public record Marker(
        TopicPartition partition, long producerId, short producerEpoch, boolean commit, short transactionVersion) {
    /**
     * The first producer epoch whose records the marker does not end. From transaction.version 2 on the marker has the
     * epoch of the next transaction already (KIP-890).
     */
    public int firstEpochAfter() {
        return transactionVersion >= TransactionMetadata.EPOCH_PER_TRANSACTION ? producerEpoch : producerEpoch + 1;
    }
}
