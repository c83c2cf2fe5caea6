package io.aeon.broker.partition;

import io.aeon.storage.producer.RefusedAppendException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;

/** Kafka's names for what the log says to producers and coordinators it must not listen to. */
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
