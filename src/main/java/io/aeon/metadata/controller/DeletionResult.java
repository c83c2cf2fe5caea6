package io.aeon.metadata.controller;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * The result of one topic's deletion. Nobody looks for it by its name: with a hash of the name, many results without
 * one, or with the same one, would take minutes to collect.
 */
final class DeletionResult extends DeletableTopicResult {
    private DeletionResult() {}

    /** @param name null if it is not known */
    static DeletableTopicResult of(@Nullable String name, Uuid id, ApiError error) {
        return new DeletionResult()
                .setName(name)
                .setTopicId(id)
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message());
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
