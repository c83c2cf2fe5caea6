package io.aeon.coordinator.group.command;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Answer to a commit.
 *
 * @param error the error of the whole request; GROUP_ID_NOT_FOUND for a commit with a generation of an unknown group
 * @param partitions one error per offset in the order of the request, empty if there is an {@code error}
 */
public record OffsetCommitResult(Errors error, List<Errors> partitions) {}
