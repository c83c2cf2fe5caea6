package io.aeon.coordinator.group;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.TransactionalWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What a group can be told. */
public sealed interface GroupCommand {
    /** A command somebody waits on. */
    sealed interface Request<T> extends GroupCommand, io.aeon.coordinator.Request<T> {}

    /**
     * Joins, or joins again.
     *
     * @param memberId empty for a member that has none yet
     * @param instanceId makes the member static (KIP-345)
     * @param protocols in the member's order of preference
     * @param mustKnowId a dynamic member without an id is told one and asked to come again (KIP-394, from v4)
     * @param maySkipAssignment the client understands {@link JoinResult#skipAssignment} (KIP-814, from v9)
     * @param reason the client's words, empty if none
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
    }

    /**
     * Fetches the member's assignment, and brings everybody's if the member is the leader.
     *
     * @param protocolType what the client believes the group uses, null before v5
     * @param protocolName likewise
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
    }

    /** Says that the member is alive. */
    record Heartbeat(String memberId, @Nullable String instanceId, int generation, CompletableFuture<Errors> reply)
            implements Request<Errors> {
        @Override
        public Errors refusal(Errors error) {
            return error;
        }

        /** A member must not give its group up because its coordinator is not ready to know it. */
        @Override
        public Reply<Errors> whileLoading() {
            return refused(Errors.NONE);
        }

        @Override
        public boolean mayWait() {
            return false;
        }
    }

    /** Takes members out of the group. */
    record Leave(List<Leaver> leavers, CompletableFuture<LeaveResult> reply) implements Request<LeaveResult> {
        @Override
        public LeaveResult refusal(Errors error) {
            return new LeaveResult(error, List.of());
        }
    }

    /** Who leaves; an instance id alone is enough for a static member. */
    record Leaver(String memberId, @Nullable String instanceId, String reason) {}

    /**
     * Commits offsets.
     *
     * @param generation -1 for a client that is no member
     * @param retentionMs how long the offsets shall live, -1 for the broker's retention
     */
    record CommitOffsets(
            String memberId,
            @Nullable String instanceId,
            int generation,
            long retentionMs,
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

    /** One offset of a commit; the partition exists. */
    record OffsetToCommit(
            TopicIdPartition partition,
            long offset,
            int leaderEpoch,
            @Nullable String metadata) {}

    /**
     * Commits offsets as a part of a transaction: they count from its end on, if that is a commit.
     *
     * @param generation -1 for a client that is no member, or does not say
     */
    record CommitInTransaction(
            String memberId,
            @Nullable String instanceId,
            int generation,
            TransactionalWriter writer,
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

    /** A producer's transaction has ended, durably. */
    record TransactionEnded(long producerId, boolean committed) implements GroupCommand {}

    /**
     * Reads committed offsets.
     *
     * @param partitions null for all; a zero topic id fits any
     */
    record FetchOffsets(@Nullable List<TopicIdPartition> partitions, CompletableFuture<OffsetFetchResult> reply)
            implements Request<OffsetFetchResult> {
        @Override
        public OffsetFetchResult refusal(Errors error) {
            return new OffsetFetchResult(error, List.of());
        }
    }

    /** Deletes committed offsets of topics that no member is subscribed to. */
    record DeleteOffsets(List<TopicPartition> partitions, CompletableFuture<OffsetDeleteResult> reply)
            implements Request<OffsetDeleteResult> {
        @Override
        public OffsetDeleteResult refusal(Errors error) {
            return new OffsetDeleteResult(error, List.of());
        }
    }

    /** Tells the group and its members. */
    record Describe(CompletableFuture<DescribeResult> reply) implements Request<DescribeResult> {
        @Override
        public DescribeResult refusal(Errors error) {
            return new DescribeResult(error, null);
        }
    }

    /** A description, or why there is none. */
    record DescribeResult(Errors error, @Nullable GroupDescription group) {}

    /** Deletes the group if nobody is in it. */
    record Delete(CompletableFuture<Errors> reply) implements Request<Errors> {
        @Override
        public Errors refusal(Errors error) {
            return error;
        }
    }

    /** Removes offsets past their retention, and the group if nothing is left of it. */
    record ExpireOffsets() implements GroupCommand {}

    /** Topics with these names are gone from the cluster, though others may have the names now. */
    record ForgetTopics(Set<String> names) implements GroupCommand {}

    /** An append is durable; its first record has this offset. */
    record Appended(long id, long baseOffset) implements GroupCommand {}

    /** An append failed: nothing of it counts. */
    record AppendFailed(long id, Errors error) implements GroupCommand {}
}
