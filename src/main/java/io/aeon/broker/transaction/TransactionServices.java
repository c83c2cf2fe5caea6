package io.aeon.broker.transaction;

import io.aeon.metadata.ProducerIds;

/**
 * What request handlers need for transactions.
 *
 * @param coordinators the way to the transaction coordinators
 * @param appends the way to the partitions for the records of transactions
 * @param markers the way to the partitions for the ends of transactions
 * @param producerIds ids for producers
 */
public record TransactionServices(
        TransactionCoordinators coordinators,
        TransactionalAppends appends,
        LocalMarkers markers,
        ProducerIds producerIds) {}
