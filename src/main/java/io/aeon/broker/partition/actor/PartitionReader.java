package io.aeon.broker.partition.actor;

import io.aeon.broker.partition.Extent;
import io.aeon.broker.partition.Growth;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionCommand.Describe;
import io.aeon.broker.partition.PartitionCommand.DescribeProducers;
import io.aeon.broker.partition.PartitionCommand.Description;
import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Read;
import io.aeon.broker.partition.ReadResult;
import io.aeon.broker.partition.Role;
import io.aeon.replication.EpochEnd;
import io.aeon.replication.HighWatermark;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.log.OffsetOutOfRangeException;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.producer.AbortedTransaction;
import io.aeon.storage.segment.EpochEndOffset;
import java.util.List;
import org.apache.kafka.common.errors.FencedLeaderEpochException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.jspecify.annotations.Nullable;

/**
 * Answers read requests to an open partition, at once if the answer needs no disk access. Used only by the partition's
 * actor. An exception from a request's method is the error of that request.
 */
final class PartitionReader {
    private static final int NO_EPOCH = -1;

    private final PartitionLog log;
    private final HighWatermark highWatermark;
    private final Growth growth;
    private final LogFaults faults;
    private final Replies replies;
    private final LogUse uses;
    private final OffsetLookup offsets;
    private Role role;
    private boolean used;

    PartitionReader(
            PartitionLog log,
            HighWatermark highWatermark,
            Growth growth,
            Role role,
            LogFaults faults,
            Replies replies,
            LogUse uses) {
        this.replies = replies;
        this.log = log;
        this.highWatermark = highWatermark;
        this.growth = growth;
        this.role = role;
        this.faults = faults;
        this.uses = uses;
        this.offsets = new OffsetLookup(log, highWatermark, this, replies);
    }

    /** Answers requests for offsets. */
    OffsetLookup offsets() {
        return offsets;
    }

    /** Sets the role: its leader epoch is checked against the clients' epoch, and a follower answers fewer requests. */
    void assume(Role newRole) {
        role = newRole;
    }

    /** The first offset that may still be aborted or truncated. */
    long stableTo() {
        return log.lastStableOffset(highWatermark.value());
    }

    Extent extent() {
        return Extent.of(log, highWatermark.value());
    }

    /** Returns whether a request since the last call needed the open log. */
    boolean wasUsed() {
        boolean was = used;
        used = false;
        return was;
    }

    void read(Read read) {
        fence(read.currentLeaderEpoch());
        Extent extent = extent();
        EpochEndOffset diverging = diverging(read, extent);
        long end = extent.end(read.isolation());
        growth.readable(extent);
        Growth.Mark mark = growth.mark(read.isolation());
        if (diverging != null
                || (read.offset() >= end
                        && read.offset() <= extent.logEndOffset()
                        && faults.damage().isEmpty())) {
            deliver(read, LogSlice.EMPTY, extent, mark, diverging);
            return;
        }
        used = true;
        if (log.isHot(read.offset(), read.maxBytes())) {
            deliver(read, locate(read, end), extent, mark, null);
        } else {
            answerBlocking(read, () -> deliver(read, locate(read, end), extent, mark, null));
        }
    }

    /**
     * The end of the reader's last epoch in this log if the reader has records that this log lacks, otherwise null.
     *
     * @throws OffsetOutOfRangeException the epoch is unknown, or the reader is below the log start offset in another
     *     epoch than the latest one
     */
    private @Nullable EpochEndOffset diverging(Read read, Extent extent) {
        int epoch = read.lastFetchedEpoch();
        if (epoch < 0 || (epoch == log.latestEpoch() && read.offset() <= extent.logEndOffset())) {
            return null;
        }
        EpochEndOffset found = log.endOfEpoch(epoch);
        EpochEnd end = new EpochEnd(found.leaderEpoch(), found.endOffset());
        if (end.isUnknown() || read.offset() < extent.logStartOffset()) {
            throw new OffsetOutOfRangeException(read.offset(), extent.logStartOffset(), extent.logEndOffset());
        }
        return end.divergesFrom(epoch, read.offset()) ? found : null;
    }

    /**
     * Whether a follower has all records of this log below its offset.
     *
     * @throws OffsetOutOfRangeException this log does not have the offset, or the epoch of the follower's last record
     */
    boolean isCopiedTo(Read follower) {
        used = true;
        Extent extent = extent();
        if (diverging(follower, extent) != null) {
            return false;
        }
        if (follower.offset() < extent.logStartOffset() || follower.offset() > extent.logEndOffset()) {
            throw new OffsetOutOfRangeException(follower.offset(), extent.logStartOffset(), extent.logEndOffset());
        }
        return true;
    }

    /** Sends a reader to a follower. */
    void redirect(Read read, int follower) {
        fence(read.currentLeaderEpoch());
        Extent extent = extent();
        replies.complete(
                read.reply(),
                result(LogSlice.EMPTY, extent, List.of(), growth.mark(read.isolation()), null)
                        .redirectedTo(follower));
    }

    private LogSlice locate(Read read, long end) {
        return log.read(read.offset(), read.maxBytes(), read.atLeastOneBatch(), end);
    }

    private void deliver(
            Read read, LogSlice records, Extent extent, Growth.Mark mark, @Nullable EpochEndOffset diverging) {
        ReadResult result;
        try {
            result = result(records, extent, aborted(read, records, extent.lastStableOffset()), mark, diverging);
        } catch (RuntimeException e) {
            records.close();
            throw e;
        }
        replies.run(() -> {
            if (!read.reply().complete(result)) {
                records.close();
            }
        });
    }

    private ReadResult result(
            LogSlice records,
            Extent extent,
            List<AbortedTransaction> aborted,
            Growth.Mark mark,
            @Nullable EpochEndOffset diverging) {
        return new ReadResult(
                records,
                extent.highWatermark(),
                extent.lastStableOffset(),
                log.logStartOffset(),
                extent.logEndOffset(),
                aborted,
                mark,
                diverging,
                ReadResult.NONE);
    }

    private List<AbortedTransaction> aborted(Read read, LogSlice records, long end) {
        boolean none = read.isolation() != Isolation.COMMITTED
                || records.size() == 0
                || !log.producers().hasAborted();
        return none
                ? List.of()
                : log.producers().abortedIn(read.offset(), Math.min(log.endOf(read.offset(), records.size()), end));
    }

    void describe(Describe describe) {
        replies.complete(
                describe.reply(),
                new Description(
                        log.sizeInBytes(),
                        log.logStartOffset(),
                        highWatermark.value(),
                        log.logEndOffset(),
                        highWatermark.lag()));
    }

    void describeProducers(DescribeProducers describe) {
        replies.complete(describe.reply(), log.producers().active());
    }

    /**
     * Checks a request that only the leader answers. A follower serves reads below its high watermark (KIP-392), but
     * does not know the end of the partition.
     *
     * @param clientsEpoch the leader epoch that the client knows, -1 for none
     */
    void requireLeader(int clientsEpoch) {
        fence(clientsEpoch);
        if (!(role instanceof Role.Lead)) {
            throw new NotLeaderOrFollowerException("this broker does not lead the partition");
        }
    }

    /** Checks the leader epoch that the sender of a request knows, -1 for none. */
    void fence(int clientsEpoch) {
        int leaderEpoch = role.leaderEpoch();
        if (clientsEpoch == NO_EPOCH || clientsEpoch == leaderEpoch) {
            return;
        }
        String epochs = "the client's leader epoch is " + clientsEpoch + ", the partition's is " + leaderEpoch;
        throw clientsEpoch < leaderEpoch
                ? new FencedLeaderEpochException(epochs)
                : new UnknownLeaderEpochException(epochs);
    }

    /** Answers a request on a thread that may wait for the disk. */
    void answerBlocking(PartitionCommand command, Runnable answer) {
        used = true;
        uses.run(() -> {
            try {
                answer.run();
            } catch (RuntimeException e) {
                faults.failed(command, e);
            }
        });
    }
}
