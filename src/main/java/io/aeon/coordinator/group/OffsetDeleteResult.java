package io.aeon.coordinator.group;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Answer to a deletion of offsets.
 *
 * @param error concerns the whole request
 * @param partitions one for each partition of the request in its order, none if there is an {@code error}
 */
public record OffsetDeleteResult(Errors error, List<Errors> partitions) {}
