package io.aeon.coordinator.group.command;

import io.aeon.coordinator.group.record.CommittedOffset;
import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Answer to a fetch of offsets.
 *
 * @param error the error of the whole group
 * @param offsets in the order of the request; grouped by topic if the request was for all offsets
 */
public record OffsetFetchResult(Errors error, List<Fetched> offsets) {
    /**
     * The committed offset of a partition, null if there is none.
     *
     * @param unstable whether an open transaction may change the offset; a request with require_stable must not get it
     */
    public record Fetched(
            TopicIdPartition partition, @Nullable CommittedOffset offset, boolean unstable) {}
}
