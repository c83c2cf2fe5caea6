package io.aeon.coordinator.group;

import java.util.List;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Answer to a fetch of offsets.
 *
 * @param error concerns the whole group
 * @param offsets in the request's order; grouped by topic if all were asked for
 */
public record OffsetFetchResult(Errors error, List<Fetched> offsets) {
    /**
     * What is committed for a partition, null for nothing.
     *
     * @param unstable a transaction may change that, and the offset is only for those who do not mind
     */
    public record Fetched(
            TopicIdPartition partition, @Nullable CommittedOffset offset, boolean unstable) {}
}
