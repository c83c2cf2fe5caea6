package io.aeon.api.transactions;

import org.apache.kafka.common.protocol.Errors;

/** Producer errors in the form that older clients know. */
final class ProducerErrors {
    private ProducerErrors() {}

    /** Versions without PRODUCER_FENCED report a fenced producer as INVALID_PRODUCER_EPOCH. */
    static Errors told(Errors error, short version, int firstVersionWithFenced) {
        return error == Errors.PRODUCER_FENCED && version < firstVersionWithFenced
                ? Errors.INVALID_PRODUCER_EPOCH
                : error;
    }
}
