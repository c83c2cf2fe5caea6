package io.aeon.coordinator.transaction;

import org.apache.kafka.common.protocol.Errors;

/** A producer's id and epoch, or the error. */
public record InitResult(Errors error, long producerId, short producerEpoch) {
    static InitResult failed(Errors error) {
        return new InitResult(error, TransactionMetadata.NO_ID, TransactionMetadata.NO_EPOCH);
    }
}
