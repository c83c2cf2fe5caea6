package io.aeon.coordinator.group.member;

import java.util.function.Function;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.protocol.Errors;

/**
 * Whether offsets may be committed.
 *
 * @param error the error of the whole request, NONE if some partitions may be permitted
 * @param perPartition the error of one partition, NONE if it is permitted
 */
public record CommitPermission(Errors error, Function<TopicIdPartition, Errors> perPartition) {
    public static final CommitPermission GRANTED = new CommitPermission(Errors.NONE, partition -> Errors.NONE);

    /** The same answer for all partitions. */
    public static CommitPermission of(Errors error) {
        return error == Errors.NONE ? GRANTED : new CommitPermission(error, partition -> error);
    }
}
