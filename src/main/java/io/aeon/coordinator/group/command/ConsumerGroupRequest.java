package io.aeon.coordinator.group.command;

import io.aeon.coordinator.group.record.MemberMetadata;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A request of the consumer protocol (KIP-848). */
public sealed interface ConsumerGroupRequest<T> extends GroupCommand.Request<T> {
    /**
     * Joins the group, reports that the member is alive, or leaves the group.
     *
     * @param memberId empty if the coordinator must choose one
     * @param memberEpoch 0 to join, -1 to leave, -2 for a static member that leaves and may return
     * @param instanceId group instance id of a static member, null for a dynamic member
     * @param rebalanceTimeoutMs -1 if it has not changed
     * @param topics the names of all topics to which the member is subscribed, null if they have not changed
     * @param regex RE2 pattern of further topics, empty for none, null if it has not changed
     * @param assignor name of the preferred server-side assignor, null if it has not changed
     * @param owned the partitions that the member owns, null if they have not changed
     */
    record ConsumerHeartbeat(
            String memberId,
            int memberEpoch,
            @Nullable String instanceId,
            @Nullable String rackId,
            int rebalanceTimeoutMs,
            @Nullable Set<String> topics,
            @Nullable String regex,
            @Nullable String assignor,
            @Nullable PartitionsByTopic owned,
            String clientId,
            String clientHost,
            CompletableFuture<ConsumerHeartbeatResult> reply)
            implements ConsumerGroupRequest<ConsumerHeartbeatResult> {
        @Override
        public ConsumerHeartbeatResult refusal(Errors error) {
            return ConsumerHeartbeatResult.failed(error, null);
        }

        @Override
        public boolean creates() {
            return joins();
        }

        public boolean joins() {
            return memberEpoch == 0;
        }

        public boolean leaves() {
            return memberEpoch < 0;
        }

        /** Whether the member tells all about itself, as it does after an error. */
        public boolean isFull() {
            return rebalanceTimeoutMs != -1 && (topics != null || regex != null) && owned != null;
        }

        /** Whether the member tells only that it is alive. */
        public boolean tellsNothing() {
            return rebalanceTimeoutMs == -1 && topics == null && regex == null && assignor == null && owned == null;
        }

        /** The member as it is after this heartbeat. */
        public MemberMetadata updates(MemberMetadata old) {
            return new MemberMetadata(
                    instanceId == null ? old.instanceId() : instanceId,
                    rackId == null ? old.rackId() : rackId,
                    clientId,
                    clientHost,
                    topics == null ? old.topics() : topics,
                    regex == null ? old.regex() : regex,
                    rebalanceTimeoutMs == -1 ? old.rebalanceTimeoutMs() : rebalanceTimeoutMs,
                    assignor == null ? old.assignor() : assignor,
                    null);
        }
    }

    /** Describes the group and its members. */
    record DescribeConsumerGroup(CompletableFuture<DescribeConsumerGroupResult> reply)
            implements ConsumerGroupRequest<DescribeConsumerGroupResult> {
        @Override
        public DescribeConsumerGroupResult refusal(Errors error) {
            return new DescribeConsumerGroupResult(error, null, null);
        }
    }

    /** A description, or the error. */
    record DescribeConsumerGroupResult(
            Errors error,
            @Nullable String message,
            @Nullable ConsumerGroupDescription group) {}
}
