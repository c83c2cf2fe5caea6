package io.aeon.broker.partition;

import io.aeon.broker.mailbox.Failable;
import io.aeon.storage.compaction.CompactionNeed;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.log.AppendResult;
import io.aeon.storage.log.TimestampOffset;
import io.aeon.storage.producer.AbortedTransaction;
import io.aeon.storage.producer.ActiveProducer;
import io.aeon.storage.segment.EpochEndOffset;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a partition can be told.
 *
 * <p>Replies fail with Kafka's ApiExceptions, with a StorageException, or with a
 * {@link io.aeon.storage.log.OffsetOutOfRangeException}. A {@code currentLeaderEpoch} is the epoch the client believes in,
 * -1 for none: an older one fails with FencedLeaderEpochException, a newer one with UnknownLeaderEpochException
 * (KIP-320).
 */
public sealed interface PartitionCommand extends Failable
        permits PartitionCommand.Request, PartitionCommand.Watch, PartitionEvent {
    @Override
    default void fail(Throwable cause) {}

    /** A command with one reply, completed on any thread. */
    sealed interface Request<T> extends PartitionCommand
            permits Append,
                    AppendMarker,
                    AppendAsFollower,
                    Truncate,
                    Read,
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
     * @param batches whole v2 batches; the partition rewrites offsets and epochs in place and owns them from now on
     * @param acks what must have happened before {@code reply} is completed
     * @param epochPerTransaction whether the batch's producer has a new epoch for each transaction (transaction version 2),
     *     so that one the partition does not know begins at sequence 0
     */
    record Append(ByteBuffer batches, Acks acks, CompletableFuture<AppendResult> reply, boolean epochPerTransaction)
            implements Request<AppendResult> {
        /** Of any other producer. */
        public Append(ByteBuffer batches, Acks acks, CompletableFuture<AppendResult> reply) {
            this(batches, acks, reply, false);
        }
    }

    /**
     * Ends a transaction in this partition by a control batch; answered once that is as durable as acks ALL makes it.
     *
     * @param batch one v2 control batch, COMMIT or ABORT, with the producer's id and epoch and the coordinator's epoch;
     *     the partition rewrites offset and leader epoch in place and owns it from now on
     * @param transactionVersion the producer's: from 2 on each transaction's marker brings a new producer epoch, so that
     *     a late marker cannot end the next transaction (KIP-890)
     */
    record AppendMarker(ByteBuffer batch, int transactionVersion, CompletableFuture<AppendResult> reply)
            implements Request<AppendResult> {}

    /**
     * Appends batches as the leader has them, with its offsets and epochs; answered once they are as safe as the flush
     * mode asks. A partition that does not follow in this epoch fails it with FencedLeaderEpochException.
     *
     * @param batches whole v2 batches, the first at the log end offset or behind it
     * @param highWatermark as the leader knew it when it sent them
     */
    record AppendAsFollower(
            ByteBuffer batches, int leaderEpoch, long highWatermark, CompletableFuture<AppendResult> reply)
            implements Request<AppendResult> {}

    /**
     * Removes all batches that reach to {@code offset} or lie behind it; the reply is the log end offset then, durable. A
     * partition that does not follow in this epoch fails it with FencedLeaderEpochException.
     */
    record Truncate(long offset, int leaderEpoch, CompletableFuture<Long> reply) implements Request<Long> {}

    /** How far a reader may look. */
    enum Isolation {
        /** Below the high watermark. */
        UNCOMMITTED,
        /** Below the last stable offset: where every transaction has ended. */
        COMMITTED
    }

    /**
     * Reads whole batches from the one that holds {@code offset}, at most {@code maxBytes} of them, none from where the
     * isolation ends.
     *
     * @param atLeastOneBatch return the first batch even if it alone is larger than {@code maxBytes}
     */
    record Read(
            long offset,
            int maxBytes,
            boolean atLeastOneBatch,
            Isolation isolation,
            int currentLeaderEpoch,
            CompletableFuture<ReadResult> reply)
            implements Request<ReadResult> {
        /** Reads all below the high watermark. */
        public Read(
                long offset,
                int maxBytes,
                boolean atLeastOneBatch,
                int currentLeaderEpoch,
                CompletableFuture<ReadResult> reply) {
            this(offset, maxBytes, atLeastOneBatch, Isolation.UNCOMMITTED, currentLeaderEpoch, reply);
        }
    }

    /**
     * Wakes {@code watcher} once, as soon as the end or the start of what it may read is not what it saw, at once if it
     * is so already, or when the partition stops serving.
     *
     * @param endOffset the high watermark or the last stable offset, as {@code isolation} says
     */
    record Watch(Isolation isolation, long endOffset, long logStartOffset, Watcher watcher)
            implements PartitionCommand {
        @Override
        public void fail(Throwable cause) {
            watcher.wake();
        }
    }

    /** Finds an offset and the leader epoch there; the timestamp is -1. */
    record FindOffset(
            OffsetSpec.Edge spec,
            Isolation isolation,
            int currentLeaderEpoch,
            CompletableFuture<Optional<TimestampOffset>> reply)
            implements Request<Optional<TimestampOffset>> {
        /** Of all below the high watermark. */
        public FindOffset(
                OffsetSpec.Edge spec, int currentLeaderEpoch, CompletableFuture<Optional<TimestampOffset>> reply) {
            this(spec, Isolation.UNCOMMITTED, currentLeaderEpoch, reply);
        }
    }

    /**
     * Finds a batch by time within what the isolation lets see; which of its records it is, is for a caller that can decompress. An
     * empty reply: no record of that time.
     */
    record FindBatch(
            OffsetSpec.Search spec,
            Isolation isolation,
            int currentLeaderEpoch,
            CompletableFuture<Optional<FoundBatch>> reply)
            implements Request<Optional<FoundBatch>> {}

    /** Where {@code leaderEpoch} ended (KIP-320). */
    record FindEpochEnd(int leaderEpoch, int currentLeaderEpoch, CompletableFuture<EpochEndOffset> reply)
            implements Request<EpochEndOffset> {}

    /**
     * Moves the log start up to {@code offset}, -1 for the high watermark; the reply is the log start then, durable. An
     * offset above the high watermark fails with OffsetOutOfRangeException, one below the log start changes nothing.
     */
    record DeleteRecords(long offset, CompletableFuture<Long> reply) implements Request<Long> {}

    /**
     * Compacts the log, if that is due by then; replies when the pass is over with what it has left to do. A failure says
     * why the log cannot be compacted; it serves on.
     */
    record Compact(CompletableFuture<CompactionNeed> reply) implements Request<CompactionNeed> {}

    /** Says what the partition holds. */
    record Describe(CompletableFuture<Description> reply) implements Request<Description> {}

    /** Says which producers the partition remembers, in no order. */
    record DescribeProducers(CompletableFuture<List<ActiveProducer>> reply) implements Request<List<ActiveProducer>> {}

    /** Acks of an append. ALL includes an fsync in flush modes sync and interval, LEADER only in sync, NONE never. */
    enum Acks {
        NONE,
        LEADER,
        ALL
    }

    /**
     * What a read found; the receiver closes {@code records}.
     *
     * @param aborted transactions whose records, if among these, a reader of committed ones passes over; none for other
     *     readers
     */
    record ReadResult(
            LogSlice records,
            long highWatermark,
            long lastStableOffset,
            long logStartOffset,
            List<AbortedTransaction> aborted) {}

    /**
     * A batch found by time.
     *
     * @param records begins with the batch; the receiver closes it
     * @param logStartOffset records below it are gone, though the batch may still hold them
     */
    record FoundBatch(LogSlice records, int leaderEpoch, long logStartOffset) {}

    /**
     * A partition's extent.
     *
     * @param sizeInBytes bytes in all segments
     */
    record Description(long sizeInBytes, long logStartOffset, long highWatermark, long logEndOffset) {}
}
