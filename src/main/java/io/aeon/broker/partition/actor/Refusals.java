package io.aeon.broker.partition.actor;

import io.aeon.storage.producer.RefusedAppendException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;

/** Maps the log's reasons for refusing an append to Kafka's errors. */
final class Refusals {
    private Refusals() {}

    static ApiException of(RefusedAppendException refused) {
        String message = refused.getMessage();
        return switch (refused.reason()) {
            case OUT_OF_ORDER_SEQUENCE -> new OutOfOrderSequenceException(message);
            case PRODUCER_EPOCH -> new InvalidProducerEpochException(message);
            case COORDINATOR_EPOCH -> new TransactionCoordinatorFencedException(message);
            case OPEN_TRANSACTION -> new InvalidTxnStateException(message);
        };
    }
}
