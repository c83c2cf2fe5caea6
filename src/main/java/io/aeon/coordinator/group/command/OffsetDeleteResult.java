package io.aeon.coordinator.group.command;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Answer to a deletion of offsets.
 *
 * @param error the error of the whole request
 * @param partitions one error per partition in the order of the request, empty if there is an {@code error}
 */
public record OffsetDeleteResult(Errors error, List<Errors> partitions) {}
