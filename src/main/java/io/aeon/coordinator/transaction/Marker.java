package io.aeon.coordinator.transaction;

import org.apache.kafka.common.TopicPartition;

/**
 * The end of a transaction, to be appended to one of its partitions; the outcome comes back as
 * {@link TransactionCommand.MarkerWritten} or {@link TransactionCommand.MarkerFailed}.
 *
 * @param transactionVersion the one the producer follows
 */
public record Marker(
        TopicPartition partition, long producerId, short producerEpoch, boolean commit, short transactionVersion) {}
