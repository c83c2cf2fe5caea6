package io.aeon.api.faults;

import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Which requests a fault selects.
 *
 * @param topic null for any
 * @param partition null for any
 * @param clientId null for any
 * @param times number of requests after which the fault selects no more
 */
record Selection(
        ApiKeys api,
        @Nullable String topic,
        @Nullable Integer partition,
        @Nullable String clientId,
        int times) {
    static Selection of(ApiKeys api) {
        return new Selection(api, null, null, null, Integer.MAX_VALUE);
    }

    /** Whether it selects parts of requests. */
    boolean isOfParts() {
        return topic != null || partition != null;
    }

    boolean hasClient(String id) {
        return clientId == null || clientId.equals(id);
    }

    /** @param index the partition; null for a part that is a whole topic */
    boolean hasPart(String name, @Nullable Integer index) {
        return (topic == null || topic.equals(name)) && (partition == null || partition.equals(index));
    }
}
