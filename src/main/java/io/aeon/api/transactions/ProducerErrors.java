package io.aeon.api.transactions;

import org.apache.kafka.common.protocol.Errors;

/** Errors as older clients know them. */
final class ProducerErrors {
    private ProducerErrors() {}

    /** Clients took an old epoch for what it is before they had a word for a fenced producer. */
    static Errors told(Errors error, short version, int firstVersionWithFenced) {
        return error == Errors.PRODUCER_FENCED && version < firstVersionWithFenced
                ? Errors.INVALID_PRODUCER_EPOCH
                : error;
    }
}
