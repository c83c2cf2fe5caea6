package io.aeon.broker.partition;

import io.aeon.broker.mailbox.Failable;
import io.aeon.replication.LogPosition;
import io.aeon.storage.compaction.CompactionNeed;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.TimestampOffset;
import io.aeon.storage.producer.ActiveProducer;
import io.aeon.storage.segment.EpochEndOffset;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The messages to a partition.
 *
 * <p>Replies fail with Kafka's ApiExceptions, with a StorageException, or with a {@link
 * io.aeon.storage.log.OffsetOutOfRangeException}. A {@code currentLeaderEpoch} is the leader epoch that the client
 * knows, -1 for none. An older epoch fails with FencedLeaderEpochException, a newer one with
 * UnknownLeaderEpochException (KIP-320).
 */
public sealed interface PartitionCommand extends Failable
        permits PartitionCommand.Request, PartitionCommand.Watch, PartitionEvent {
    @Override
    default void fail(Throwable cause) {}

    /** A command with one reply, which any thread may complete. */
    sealed interface Request<T> extends PartitionCommand
            permits Append,
                    AppendMarker,
                    AwaitReplicas,
                    FindPosition,
                    AppendAsFollower,
                    Truncate,
                    Read,
                    FollowerRead,
                    NearbyRead,
                    FindOffset,
                    FindBatch,
                    FindEpochEnd,
                    DeleteRecords,
                    Compact,
                    Describe,
                    DescribeProducers,
                    PartitionEvent.End,
                    PartitionEvent.Retire {
        CompletableFuture<T> reply();

        @Override
        default void fail(Throwable cause) {
            reply().completeExceptionally(cause);
        }
    }

    /**
     * Appends validated batches.
     *
     * @param batches complete v2 batches; the partition rewrites offsets and epochs in place and owns the buffer from
     *     now on
     * @param acks condition for completing {@code reply}
     * @param epochPerTransaction whether the batch's producer has a new epoch for each transaction (transaction version
     *     2), so that a producer that the partition does not know starts at sequence 0
     */
    record Append(
            ByteBuffer batches,
            Acks acks,
            CompletableFuture<AppendResult> reply,
            boolean epochPerTransaction,
            int currentLeaderEpoch)
            implements Request<AppendResult> {
        /** An append of a client, which names no leader epoch. */
        public Append(
                ByteBuffer batches, Acks acks, CompletableFuture<AppendResult> reply, boolean epochPerTransaction) {
            this(batches, acks, reply, epochPerTransaction, -1);
        }

        /** An append of a producer without transaction version 2. */
        public Append(ByteBuffer batches, Acks acks, CompletableFuture<AppendResult> reply) {
            this(batches, acks, reply, false);
        }
    }

    /**
     * Ends a transaction in this partition by a control batch. The reply completes once the batch is durable as for
     * acks ALL.
     *
     * @param batch one v2 control batch, COMMIT or ABORT, with the producer's id and epoch and the coordinator's epoch;
     *     the partition rewrites offset and leader epoch in place and owns the buffer from now on
     * @param transactionVersion the producer's transaction version. From 2 on the marker of each transaction has a new
     *     producer epoch, so that a late marker cannot end the next transaction (KIP-890)
     */
    record AppendMarker(ByteBuffer batch, int transactionVersion, CompletableFuture<AppendResult> reply)
            implements Request<AppendResult> {}

    /**
     * Goes on with an append with acks ALL that a partition had to leave when it closed its log for a move. The reply
     * completes with {@code result} once the high watermark has reached {@code end}.
     *
     * @param end the log end offset after the append, all of which is durable
     */
    record AwaitReplicas(long end, AppendResult result, CompletableFuture<AppendResult> reply)
            implements Request<AppendResult> {}

    /**
     * Finds where the log of a follower ends. The reply completes once everything below the end is as durable as the
     * flush mode requires. Like the other commands of a follower it fails with FencedLeaderEpochException if the
     * partition does not follow a leader in this epoch.
     */
    record FindPosition(int leaderEpoch, CompletableFuture<LogPosition> reply) implements Request<LogPosition> {}

    /**
     * Appends batches with the offsets and epochs that the leader gave them. The reply is the end of the log after
     * that; it completes once the batches are as durable as the flush mode requires.
     *
     * @param batches complete v2 batches, none if the leader has only another high watermark; the first starts at or
     *     after the log end offset
     * @param highWatermark the leader's high watermark when it sent the batches
     */
    record AppendAsFollower(
            ByteBuffer batches, int leaderEpoch, long highWatermark, CompletableFuture<LogPosition> reply)
            implements Request<LogPosition> {}

    /** Removes records of a follower that its leader does not have. The reply is what is left, which is durable. */
    record Truncate(Truncation truncation, int leaderEpoch, CompletableFuture<LogPosition> reply)
            implements Request<LogPosition> {}

    /** The limit of the offsets that a reader may see. */
    enum Isolation {
        /** Below the high watermark. */
        UNCOMMITTED,
        /** Below the last stable offset, where every transaction has ended. */
        COMMITTED,
        /** Below the log end offset; for followers. */
        LOG_END
    }

    /**
     * Reads complete batches, at most {@code maxBytes}, from the batch that contains {@code offset} to the end that the
     * isolation allows. Reads nothing if the reader has records that this log lacks (KIP-595).
     *
     * @param atLeastOneBatch whether to return the first batch even if it alone exceeds {@code maxBytes}
     * @param lastFetchedEpoch leader epoch of the reader's last record before {@code offset}; -1 if it is unknown
     */
    record Read(
            long offset,
            int maxBytes,
            boolean atLeastOneBatch,
            Isolation isolation,
            int currentLeaderEpoch,
            int lastFetchedEpoch,
            CompletableFuture<ReadResult> reply)
            implements Request<ReadResult> {
        /** Reads up to the high watermark, whatever the reader has read before. */
        public Read(
                long offset,
                int maxBytes,
                boolean atLeastOneBatch,
                int currentLeaderEpoch,
                CompletableFuture<ReadResult> reply) {
            this(offset, maxBytes, atLeastOneBatch, Isolation.UNCOMMITTED, currentLeaderEpoch, -1, reply);
        }
    }

    /**
     * Reads for a follower. Unless its log differs from the leader's, the leader knows from now on that the follower
     * has all records below the offset. Fails with UnknownLeaderEpochException, or with NotLeaderOrFollowerException if
     * the read names no leader epoch, if the broker has no replica of the partition.
     *
     * @param logStartOffset the follower's log start offset
     */
    record FollowerRead(Read read, Follower follower, long logStartOffset) implements Request<ReadResult> {
        @Override
        public CompletableFuture<ReadResult> reply() {
            return read.reply();
        }
    }

    /**
     * Reads for a consumer that has followers nearby (KIP-392). If one of them is in sync and has the offset, the
     * result has no records but names it.
     *
     * @param followers ids of brokers
     */
    record NearbyRead(Read read, Set<Integer> followers) implements Request<ReadResult> {
        @Override
        public CompletableFuture<ReadResult> reply() {
            return read.reply();
        }
    }

    /**
     * Wakes {@code watcher} once: when the range that it may read has grown by {@code bytes} since the reader saw it,
     * starts elsewhere or has become shorter, or when the partition stops serving. It may be woken earlier, but not
     * before the range differs from the given offsets. If that has happened already it is woken at once.
     *
     * @param endOffset the end of the range that the reader saw, depending on {@code isolation}
     * @param mark what the reader saw
     * @param bytes at least 1
     */
    record Watch(
            Isolation isolation, long endOffset, long logStartOffset, Growth.Mark mark, long bytes, Watcher watcher)
            implements PartitionCommand {
        /** Waits for any change. */
        public Watch(Isolation isolation, long endOffset, long logStartOffset, Watcher watcher) {
            this(isolation, endOffset, logStartOffset, Growth.Mark.UNKNOWN, 1, watcher);
        }

        @Override
        public void fail(Throwable cause) {
            watcher.wake();
        }
    }

    /**
     * Finds an offset and its leader epoch; the timestamp in the reply is -1. The end of what consumers may read fails
     * with OffsetNotAvailableException while a new leader may know it too low (KIP-207).
     */
    record FindOffset(
            OffsetSpec.Edge spec,
            Isolation isolation,
            int currentLeaderEpoch,
            CompletableFuture<Optional<TimestampOffset>> reply)
            implements Request<Optional<TimestampOffset>> {
        /** Finds an offset among those below the high watermark. */
        public FindOffset(
                OffsetSpec.Edge spec, int currentLeaderEpoch, CompletableFuture<Optional<TimestampOffset>> reply) {
            this(spec, Isolation.UNCOMMITTED, currentLeaderEpoch, reply);
        }
    }

    /**
     * Finds a batch by time within the range that the isolation allows. The caller searches the record in the batch,
     * because that can need decompression. The reply is empty if there is no record of that time; while a new leader
     * may know the end too low, it fails with OffsetNotAvailableException instead.
     */
    record FindBatch(
            OffsetSpec.Search spec,
            Isolation isolation,
            int currentLeaderEpoch,
            CompletableFuture<Optional<FoundBatch>> reply)
            implements Request<Optional<FoundBatch>> {}

    /** Finds the end offset of {@code leaderEpoch} (KIP-320). */
    record FindEpochEnd(int leaderEpoch, int currentLeaderEpoch, CompletableFuture<EpochEndOffset> reply)
            implements Request<EpochEndOffset> {}

    /**
     * Advances the log start offset to {@code offset}, -1 for the high watermark. The reply comes when that is durable
     * here; {@link Deleted#byAll} is complete by then unless another in-sync replica is missing. An offset above the
     * high watermark fails with OffsetOutOfRangeException; one below the log start offset changes nothing.
     */
    record DeleteRecords(long offset, CompletableFuture<Deleted> reply) implements Request<Deleted> {}

    /**
     * Compacts the log if that is still due. The reply is the remaining need after the pass. An error states why the
     * log cannot be compacted; the partition continues to serve. During a pass the next one waits.
     *
     * @param always whether to compact although too little is dirty, and the records of the active segment too
     */
    record Compact(boolean always, CompletableFuture<CompactionNeed> reply) implements Request<CompactionNeed> {}

    /** Reports the size and the offsets of the partition. */
    record Describe(CompletableFuture<Description> reply) implements Request<Description> {}

    /** Reports the producers that the partition knows, in no particular order. */
    record DescribeProducers(CompletableFuture<List<ActiveProducer>> reply) implements Request<List<ActiveProducer>> {}

    /**
     * The acknowledgement that an append waits for. ALL includes an fsync in flush modes {@code sync} and {@code
     * interval}, LEADER only in {@code sync}, NONE never.
     */
    enum Acks {
        NONE,
        LEADER,
        ALL
    }

    /**
     * Records that the leader has deleted.
     *
     * @param logStartOffset of the leader after that
     * @param byAll completes when all in-sync replicas have deleted them, with the offset below which all records are
     *     deleted everywhere
     */
    record Deleted(long logStartOffset, CompletableFuture<Long> byAll) {}

    /**
     * The size and the offsets of a partition.
     *
     * @param sizeInBytes bytes in all segments
     * @param lag number of committed records that this replica lacks; 0 for a leader
     */
    record Description(long sizeInBytes, long logStartOffset, long highWatermark, long logEndOffset, long lag) {}
}
