package io.aeon.coordinator.group.command;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.group.record.ConsumerGroupRecord.ResolvedRegex;
import io.aeon.coordinator.group.record.Protocol;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The commands of a group. */
public sealed interface GroupCommand {
    /** A command whose sender waits for an answer. */
    sealed interface Request<T> extends GroupCommand, io.aeon.coordinator.Request<T>
            permits Join,
                    Sync,
                    Heartbeat,
                    Leave,
                    CommitOffsets,
                    CommitInTransaction,
                    FetchOffsets,
                    DeleteOffsets,
                    Describe,
                    Delete,
                    ConsumerGroupRequest {}

    /** The connection over which a member of the consumer protocol sent its last heartbeat has ended. */
    record Disconnected(String memberId) implements GroupCommand {}

    /**
     * The connection of a client has ended while its request waits in the group.
     *
     * @param reply of the request
     */
    record Abandoned(CompletableFuture<?> reply) implements GroupCommand {}

    /**
     * Joins the group, or rejoins it.
     *
     * @param memberId empty for a member that has no id yet
     * @param instanceId group instance id of a static member (KIP-345), null for a dynamic member
     * @param protocols in the member's order of preference
     * @param mustKnowId a dynamic member without an id gets an id and must join again with it (KIP-394, from v4)
     * @param maySkipAssignment the client supports {@link JoinResult#skipAssignment} (KIP-814, from v9)
     * @param reason text from the client, empty if there is none
     */
    record Join(
            String memberId,
            @Nullable String instanceId,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            String protocolType,
            List<Protocol> protocols,
            boolean mustKnowId,
            boolean maySkipAssignment,
            String reason,
            CompletableFuture<JoinResult> reply)
            implements Request<JoinResult> {
        @Override
        public JoinResult refusal(Errors error) {
            return JoinResult.failed(error, memberId);
        }

        @Override
        public boolean creates() {
            return memberId.isEmpty();
        }

        @Override
        public boolean waitsForOthers() {
            return true;
        }
    }

    /**
     * Requests the member's assignment; the leader also sends the assignments of all members.
     *
     * @param protocolType the group's protocol type as the client knows it, null before v5
     * @param protocolName the group's assignor as the client knows it, null before v5
     * @param assignments by member id
     */
    record Sync(
            String memberId,
            @Nullable String instanceId,
            int generation,
            @Nullable String protocolType,
            @Nullable String protocolName,
            Map<String, Bytes> assignments,
            CompletableFuture<SyncResult> reply)
            implements Request<SyncResult> {
        @Override
        public SyncResult refusal(Errors error) {
            return SyncResult.failed(error);
        }

        @Override
        public boolean waitsForOthers() {
            return true;
        }
    }

    /** Reports that the member is alive. */
    record Heartbeat(String memberId, @Nullable String instanceId, int generation, CompletableFuture<Errors> reply)
            implements Request<Errors> {
        @Override
        public Errors refusal(Errors error) {
            return error;
        }

        /** NONE, so that a member does not leave its group while the coordinator loads. */
        @Override
        public Reply<Errors> whileLoading() {
            return refused(Errors.NONE);
        }

        @Override
        public boolean mayWait() {
            return false;
        }
    }

    /** Removes members from the group. */
    record Leave(List<Leaver> leavers, CompletableFuture<LeaveResult> reply) implements Request<LeaveResult> {
        @Override
        public LeaveResult refusal(Errors error) {
            return new LeaveResult(error, List.of());
        }
    }

    /** A member that leaves; for a static member the instance id is sufficient. */
    record Leaver(String memberId, @Nullable String instanceId, String reason) {}

    /**
     * Commits offsets.
     *
     * @param generation -1 for a client that is not a member
     * @param retentionMs milliseconds for which the offsets are kept, -1 for the broker's retention
     * @param knowsMemberEpochs the client may be a member of the consumer protocol (KIP-848, from v9)
     */
    record CommitOffsets(
            String memberId,
            @Nullable String instanceId,
            int generation,
            long retentionMs,
            boolean knowsMemberEpochs,
            List<OffsetToCommit> offsets,
            CompletableFuture<OffsetCommitResult> reply)
            implements Request<OffsetCommitResult> {
        @Override
        public OffsetCommitResult refusal(Errors error) {
            return new OffsetCommitResult(error, List.of());
        }

        @Override
        public boolean creates() {
            return generation < 0;
        }
    }

    /** One offset of a commit; its partition exists. */
    record OffsetToCommit(
            TopicIdPartition partition,
            long offset,
            int leaderEpoch,
            @Nullable String metadata) {}

    /**
     * Commits offsets as part of a transaction. They become visible when the transaction is committed.
     *
     * @param generation -1 for a client that is not a member or does not send its generation
     */
    record CommitInTransaction(
            String memberId,
            @Nullable String instanceId,
            int generation,
            TransactionalWriter writer,
            List<OffsetToCommit> offsets,
            CompletableFuture<OffsetCommitResult> reply)
            implements Request<OffsetCommitResult> {
        /** Whether the client does not say which member it is. */
        public boolean isAnonymous() {
            return generation < 0 && memberId.isEmpty() && instanceId == null;
        }

        @Override
        public OffsetCommitResult refusal(Errors error) {
            return new OffsetCommitResult(error, List.of());
        }

        @Override
        public boolean creates() {
            return generation < 0;
        }
    }

    /** A producer's transaction has ended; the marker is durable. */
    record TransactionEnded(long producerId, boolean committed) implements GroupCommand {}

    /**
     * Reads committed offsets.
     *
     * @param memberId null for a client that does not say which member it is
     * @param memberEpoch -1 for a client that does not say which member it is
     * @param partitions null for all; a zero topic id matches any topic id
     */
    record FetchOffsets(
            @Nullable String memberId,
            int memberEpoch,
            @Nullable List<TopicIdPartition> partitions,
            CompletableFuture<OffsetFetchResult> reply)
            implements Request<OffsetFetchResult> {
        @Override
        public OffsetFetchResult refusal(Errors error) {
            return new OffsetFetchResult(error, List.of());
        }
    }

    /** Deletes committed offsets of topics to which no member is subscribed. */
    record DeleteOffsets(List<TopicPartition> partitions, CompletableFuture<OffsetDeleteResult> reply)
            implements Request<OffsetDeleteResult> {
        @Override
        public OffsetDeleteResult refusal(Errors error) {
            return new OffsetDeleteResult(error, List.of());
        }
    }

    /** Describes the group and its members. */
    record Describe(CompletableFuture<DescribeResult> reply) implements Request<DescribeResult> {
        @Override
        public DescribeResult refusal(Errors error) {
            return new DescribeResult(error, null, null);
        }
    }

    /** A description, or the error. */
    record DescribeResult(
            Errors error,
            @Nullable String message,
            @Nullable GroupDescription group) {}

    /** Deletes the group if it has no members. */
    record Delete(CompletableFuture<Errors> reply) implements Request<Errors> {
        @Override
        public Errors refusal(Errors error) {
            return error;
        }
    }

    /** Deletes offsets that are past their retention, and the group if it then has no state. */
    record ExpireOffsets() implements GroupCommand {}

    /** Topics with these names were deleted; new topics may have the same names. */
    record ForgetTopics(Set<String> names) implements GroupCommand {
        /** One command for the topics of both. */
        public ForgetTopics and(ForgetTopics later) {
            Set<String> all = new HashSet<>(names);
            all.addAll(later.names);
            return new ForgetTopics(all);
        }
    }

    /**
     * A search for the topics of regular expressions has ended.
     *
     * @param topics the topics by regular expression
     * @param failed regular expressions that could not be searched
     * @param tookMs milliseconds for which the search kept a thread busy
     */
    record RegexesResolved(Map<String, ResolvedRegex> topics, Set<String> failed, long tookMs)
            implements GroupCommand {}

    /** An append is durable; {@code baseOffset} is the offset of its first record. */
    record Appended(long id, long baseOffset) implements GroupCommand {}

    /** An append failed; none of its records are applied. */
    record AppendFailed(long id, Errors error) implements GroupCommand {}
}
