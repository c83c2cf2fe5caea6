package io.aeon.api;

import org.apache.kafka.common.protocol.Errors;

/** The producer id and epoch of a request that writes for a producer without asking the transaction coordinator. */
public final class ProducerIdentity {
    private ProducerIdentity() {}

    /** NONE if a producer can have this id and epoch. The log takes no others; Kafka answers UNKNOWN_SERVER_ERROR. */
    public static Errors error(long producerId, short producerEpoch) {
        if (producerId < 0) {
            return Errors.INVALID_PRODUCER_ID_MAPPING;
        }
        return producerEpoch < 0 ? Errors.INVALID_PRODUCER_EPOCH : Errors.NONE;
    }
}
