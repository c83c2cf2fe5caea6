package io.aeon.coordinator.transaction;

import org.apache.kafka.common.protocol.Errors;

/** The producer's id and epoch after the end of a transaction, or the error. */
public record EndResult(Errors error, long producerId, short producerEpoch) {
    static EndResult failed(Errors error) {
        return new EndResult(error, TransactionMetadata.NO_ID, TransactionMetadata.NO_EPOCH);
    }
}
