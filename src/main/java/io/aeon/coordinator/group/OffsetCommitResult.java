package io.aeon.coordinator.group;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Answer to a commit.
 *
 * @param error concerns the whole request; GROUP_ID_NOT_FOUND if a generation is named of a group that is not there
 * @param partitions one for each offset of the request in its order, none if there is an {@code error}
 */
public record OffsetCommitResult(Errors error, List<Errors> partitions) {}
