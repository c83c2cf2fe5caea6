package io.aeon.coordinator.transaction;

import org.apache.kafka.common.TopicPartition;

/**
 * The marker that ends a transaction in one of its partitions. The result comes back as
 * {@link TransactionCommand.MarkerWritten} or {@link TransactionCommand.MarkerFailed}.
 *
 * @param transactionVersion the producer's transaction.version
 */
public record Marker(
        TopicPartition partition, long producerId, short producerEpoch, boolean commit, short transactionVersion) {}
