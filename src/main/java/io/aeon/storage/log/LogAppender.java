package io.aeon.storage.log;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.producer.AppendedBatch;
import io.aeon.storage.producer.EndMarker;
import io.aeon.storage.producer.LogProducers;
import io.aeon.storage.producer.ProducerHeader;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentConfig;
import io.aeon.storage.segment.Segments;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;

/** Brings batches to the end of a log: checks their producers, sets their offsets, rolls the segment. For the owner only. */
final class LogAppender {
    private final LogDirectory directory;
    private final LogEnvironment environment;
    private final Segments segments;
    private final LeaderEpochs epochs;
    private final LogProducers producers;
    private final LogSync sync;
    private final LongSupplier logStartOffset;
    private final LongSupplier logEndOffset;

    LogAppender(
            LogDirectory directory,
            LogEnvironment environment,
            Segments segments,
            LeaderEpochs epochs,
            LogProducers producers,
            LogSync sync,
            LongSupplier logStartOffset,
            LongSupplier logEndOffset) {
        this.directory = directory;
        this.environment = environment;
        this.segments = segments;
        this.epochs = epochs;
        this.producers = producers;
        this.sync = sync;
        this.logStartOffset = logStartOffset;
        this.logEndOffset = logEndOffset;
    }

    /** Batches with their offsets set. */
    private record Prepared(
            ByteBuffer bytes, long baseOffset, long nextOffset, long maxTimestamp, boolean ofProducer) {}

    /** See {@link PartitionLog#append}. */
    AppendResult append(ByteBuffer batches, int leaderEpoch, SegmentConfig config) {
        Prepared prepared = prepare(batches, leaderEpoch);
        if (prepared.ofProducer()) {
            int at = batches.position();
            if (BatchHeader.isControl(batches, at)) {
                throw new IllegalArgumentException("a control batch is no data");
            }
            AppendedBatch before = producers.admit(batches, at);
            if (before != null) {
                return new AppendResult(before.baseOffset(), before.lastOffset(), logStartOffset.getAsLong());
            }
        }
        return write(prepared, leaderEpoch, config);
    }

    /** See {@link PartitionLog#appendMarker}. */
    AppendResult appendMarker(ByteBuffer batch, int leaderEpoch, int transactionVersion, SegmentConfig config) {
        Prepared prepared = prepare(batch, leaderEpoch);
        int at = batch.position();
        EndMarker marker =
                prepared.ofProducer() && BatchHeader.isControl(batch, at) ? ProducerHeader.marker(batch, at) : null;
        if (marker == null) {
            throw new IllegalArgumentException("no marker of a transaction's end");
        }
        producers.states().admit(marker, transactionVersion);
        return write(prepared, leaderEpoch, config);
    }

    private Prepared prepare(ByteBuffer batches, int leaderEpoch) {
        sync.throwIfFailed();
        if (leaderEpoch < epochs.latest()) {
            throw new IllegalArgumentException("epoch " + leaderEpoch + " after " + epochs.latest());
        }
        long baseOffset = logEndOffset.getAsLong();
        ByteBuffer source = batches.duplicate();
        long maxTimestamp = Long.MIN_VALUE;
        long nextOffset = baseOffset;
        boolean ofProducer = false;
        for (int at = source.position(); at < source.limit(); at += (int) BatchHeader.sizeInBytes(source, at)) {
            BatchHeader.requireWhole(source, at);
            BatchHeader.assign(source, at, nextOffset, leaderEpoch);
            nextOffset = BatchHeader.lastOffset(source, at) + 1;
            maxTimestamp = Math.max(maxTimestamp, BatchHeader.maxTimestamp(source, at));
            ofProducer |= ProducerHeader.isPresent(source, at);
        }
        if (nextOffset == baseOffset) {
            throw new IllegalArgumentException("nothing to append");
        }
        if (ofProducer && BatchHeader.sizeInBytes(source, source.position()) < source.remaining()) {
            throw new IllegalArgumentException("a producer's batch comes alone");
        }
        return new Prepared(source, baseOffset, nextOffset, maxTimestamp, ofProducer);
    }

    private AppendResult write(Prepared batches, int leaderEpoch, SegmentConfig config) {
        ByteBuffer bytes = batches.bytes();
        int at = bytes.position();
        try {
            Segment active = segments.last();
            if (active == null
                    || active.mustRoll(bytes.remaining(), batches.nextOffset() - 1, batches.maxTimestamp(), config)) {
                if (active != null) {
                    sync.beforeRoll();
                }
                active = segments.roll(directory, batches.baseOffset(), epochs, environment);
                producers.rolled();
            }
            epochs.assign(leaderEpoch, batches.baseOffset());
            active.append(bytes, config);
            if (batches.ofProducer()) {
                producers.appended(bytes, at, active.baseOffset());
            }
            producers.states().reached(batches.nextOffset());
        } catch (StorageException e) {
            sync.fail(e);
            throw e;
        }
        return new AppendResult(batches.baseOffset(), batches.nextOffset() - 1, logStartOffset.getAsLong());
    }
}
