package io.aeon.coordinator.transaction;

import org.apache.kafka.common.protocol.Errors;

/** What a transaction's producer goes on with after its end, or why it is not ended. */
public record EndResult(Errors error, long producerId, short producerEpoch) {
    static EndResult failed(Errors error) {
        return new EndResult(error, TransactionMetadata.NO_ID, TransactionMetadata.NO_EPOCH);
    }
}
