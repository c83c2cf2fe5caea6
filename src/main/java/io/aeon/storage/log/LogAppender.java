package io.aeon.storage.log;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.producer.AppendedBatch;
import io.aeon.storage.producer.EndMarker;
import io.aeon.storage.producer.ProducerHeader;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentConfig;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/** Appends batches to a log: checks their producers, sets their offsets, and rolls the segment. For the owner only. */
final class LogAppender {
    private final OpenLog log;
    private final LongSupplier logStartOffset;
    private final LongSupplier logEndOffset;

    LogAppender(OpenLog log, LongSupplier logStartOffset, LongSupplier logEndOffset) {
        this.log = log;
        this.logStartOffset = logStartOffset;
        this.logEndOffset = logEndOffset;
    }

    /** See {@link PartitionLog#append}. */
    AppendResult append(ByteBuffer batches, int leaderEpoch, SegmentConfig config) {
        PreparedBatches prepared = prepare(batches, leaderEpoch);
        if (prepared.ofProducer()) {
            int at = batches.position();
            if (BatchHeader.isControl(batches, at)) {
                throw new IllegalArgumentException("a control batch cannot be appended as data");
            }
            AppendedBatch before = log.producers().admit(batches, at);
            if (before != null) {
                return new AppendResult(
                        before.baseOffset(), before.lastOffset(), logStartOffset.getAsLong(), before.timestamp());
            }
        }
        return write(prepared, PreparedBatches.NO_GAP, config);
    }

    /** See {@link PartitionLog#appendMarker}. */
    AppendResult appendMarker(ByteBuffer batch, int leaderEpoch, int transactionVersion, SegmentConfig config) {
        PreparedBatches prepared = prepare(batch, leaderEpoch);
        int at = batch.position();
        EndMarker marker =
                prepared.ofProducer() && BatchHeader.isControl(batch, at) ? ProducerHeader.marker(batch, at) : null;
        if (marker == null) {
            throw new IllegalArgumentException("the batch is not a marker that ends a transaction");
        }
        log.producers().states().admit(marker, transactionVersion);
        return write(prepared, PreparedBatches.NO_GAP, config);
    }

    /** See {@link LogReplication#appendAsFollower}. */
    AppendResult appendAsFollower(ByteBuffer batches, SegmentConfig config) {
        log.sync().requireUsable();
        List<PreparedBatches> prepared =
                PreparedBatches.asFollower(batches, endOfBatches(), log.epochs().latest());
        AppendResult last = null;
        for (PreparedBatches each : prepared) {
            last = write(each, each.lastGapEnd(endOfBatches()), config);
        }
        return new AppendResult(
                prepared.get(0).baseOffset(), Objects.requireNonNull(last).lastOffset(), logStartOffset.getAsLong());
    }

    /** Below the log end offset in a log that is about to get the batch in which its log start lies. */
    private long endOfBatches() {
        Segment last = log.segments().last();
        return last == null ? logEndOffset.getAsLong() : last.end().nextOffset();
    }

    /** See {@link LogReplication#beginEpoch}. */
    void beginEpoch(int leaderEpoch) {
        log.sync().requireUsable();
        requireEpoch(leaderEpoch);
        log.epochs().assign(leaderEpoch, logEndOffset.getAsLong());
    }

    private PreparedBatches prepare(ByteBuffer batches, int leaderEpoch) {
        log.sync().requireUsable();
        requireEpoch(leaderEpoch);
        PreparedBatches prepared = PreparedBatches.asLeader(batches, logEndOffset.getAsLong(), leaderEpoch);
        if (prepared.ofProducer() && !prepared.isOne()) {
            throw new IllegalArgumentException("a batch with a producer id must be the only batch of an append");
        }
        return prepared;
    }

    private void requireEpoch(int leaderEpoch) {
        if (leaderEpoch < log.epochs().latest()) {
            throw new IllegalArgumentException(
                    "leader epoch " + leaderEpoch + " after " + log.epochs().latest());
        }
    }

    private AppendResult write(PreparedBatches batches, long gapEnd, SegmentConfig config) {
        ByteBuffer bytes = batches.bytes();
        int from = bytes.position();
        try {
            Segment active = activeFor(batches, config);
            if (gapEnd != PreparedBatches.NO_GAP) {
                log.sync().expectGap(gapEnd);
            }
            log.epochs().assign(batches.leaderEpoch(), batches.baseOffset());
            active.append(bytes, config);
            if (batches.ofProducer()) {
                tellProducers(bytes, from, active.baseOffset());
            }
            log.producers().states().reached(batches.nextOffset());
        } catch (StorageException e) {
            log.sync().fail(e);
            throw e;
        }
        return new AppendResult(batches.baseOffset(), batches.nextOffset() - 1, logStartOffset.getAsLong());
    }

    private Segment activeFor(PreparedBatches batches, SegmentConfig config) {
        Segment active = log.segments().last();
        if (active != null
                && !active.mustRoll(
                        batches.bytes().remaining(), batches.nextOffset() - 1, batches.maxTimestamp(), config)) {
            return active;
        }
        if (active != null) {
            log.sync().beforeRoll();
        }
        Segment fresh = log.segments()
                .roll(
                        log.directory(),
                        active == null ? firstBase(batches) : batches.baseOffset(),
                        log.epochs(),
                        log.environment());
        log.producers().rolled();
        return fresh;
    }

    /** An empty log keeps its start offset, even if the leader's first record has a higher offset. */
    private long firstBase(PreparedBatches batches) {
        long end = logEndOffset.getAsLong();
        return batches.nextOffset() - end <= Integer.MAX_VALUE ? end : batches.baseOffset();
    }

    private void tellProducers(ByteBuffer bytes, int from, long segmentBase) {
        for (int at = from; at < bytes.limit(); at += (int) BatchHeader.sizeInBytes(bytes, at)) {
            if (ProducerHeader.isPresent(bytes, at)) {
                log.producers().appended(bytes, at, segmentBase);
            }
        }
    }
}
