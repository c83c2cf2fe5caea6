package io.aeon.broker.transaction;

import io.aeon.metadata.ProducerIds;

/**
 * The services for the request handlers of transactions.
 *
 * @param coordinators delivers commands to the transaction coordinators
 * @param appends delivers transactional records to the partitions
 * @param markers writes transaction markers to the partitions that this broker leads
 * @param producerIds ids for new producers
 */
public record TransactionServices(
        TransactionCoordinators coordinators,
        TransactionalAppends appends,
        LocalMarkers markers,
        ProducerIds producerIds) {}
