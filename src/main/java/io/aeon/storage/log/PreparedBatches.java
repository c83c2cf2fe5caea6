package io.aeon.storage.log;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.producer.ProducerHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Whole batches of one leader epoch with final offsets, which can be written to one segment with one write.
 *
 * @param bytes the batches, between position and limit
 * @param nextOffset offset after the last record
 * @param maxTimestamp the largest timestamp of the batches
 * @param ofProducer whether one of the batches has a producer id
 */
record PreparedBatches(
        ByteBuffer bytes, long baseOffset, long nextOffset, int leaderEpoch, long maxTimestamp, boolean ofProducer) {

    /** Used instead of an offset: no offset is missing. */
    static final long NO_GAP = -1;

    /**
     * Sets the batches' leader epoch and their offsets in place, starting with {@code baseOffset}.
     *
     * @throws IllegalArgumentException there is no batch, or a batch is not whole
     */
    static PreparedBatches asLeader(ByteBuffer batches, long baseOffset, int leaderEpoch) {
        long nextOffset = baseOffset;
        ByteBuffer source = batches.duplicate();
        for (int at = source.position(); at < source.limit(); at += (int) BatchHeader.sizeInBytes(source, at)) {
            BatchHeader.requireWhole(source, at);
            BatchHeader.assign(source, at, nextOffset, leaderEpoch);
            nextOffset = BatchHeader.lastOffset(source, at) + 1;
        }
        return of(source, source.position(), source.limit());
    }

    /**
     * Uses the batches unchanged.
     *
     * @param logEndOffset every batch must begin at or above it
     * @param latestEpoch every batch's epoch must be at or above it
     * @throws UnexpectedOffsetException a batch begins below the log end offset or the end of the previous batch
     * @throws IllegalArgumentException there is no batch, a batch is not whole, or an epoch is lower than an earlier
     *     one
     */
    static List<PreparedBatches> asFollower(ByteBuffer batches, long logEndOffset, int latestEpoch) {
        List<PreparedBatches> prepared = new ArrayList<>(1);
        ByteBuffer source = batches.duplicate();
        int from = source.position();
        long end = logEndOffset;
        int epoch = latestEpoch;
        for (int at = from; at < source.limit(); at += (int) BatchHeader.sizeInBytes(source, at)) {
            BatchHeader.requireWhole(source, at);
            if (BatchHeader.baseOffset(source, at) < end) {
                throw new UnexpectedOffsetException(
                        BatchHeader.baseOffset(source, at), BatchHeader.lastOffset(source, at), end);
            }
            if (BatchHeader.leaderEpoch(source, at) < epoch) {
                throw new IllegalArgumentException(
                        "leader epoch " + BatchHeader.leaderEpoch(source, at) + " after " + epoch);
            }
            if (at > from && !goTogether(source, from, at)) {
                prepared.add(of(source, from, at));
                from = at;
            }
            end = BatchHeader.lastOffset(source, at) + 1;
            epoch = BatchHeader.leaderEpoch(source, at);
        }
        prepared.add(of(source, from, source.limit()));
        return prepared;
    }

    private static boolean goTogether(ByteBuffer source, int first, int at) {
        return BatchHeader.leaderEpoch(source, first) == BatchHeader.leaderEpoch(source, at)
                && BatchHeader.lastOffset(source, at) - BatchHeader.baseOffset(source, first) <= Integer.MAX_VALUE;
    }

    private static PreparedBatches of(ByteBuffer source, int from, int to) {
        if (from == to) {
            throw new IllegalArgumentException("there is no batch to append");
        }
        long maxTimestamp = Long.MIN_VALUE;
        long nextOffset = 0;
        boolean ofProducer = false;
        for (int at = from; at < to; at += (int) BatchHeader.sizeInBytes(source, at)) {
            nextOffset = BatchHeader.lastOffset(source, at) + 1;
            maxTimestamp = Math.max(maxTimestamp, BatchHeader.maxTimestamp(source, at));
            ofProducer |= ProducerHeader.isPresent(source, at);
        }
        return new PreparedBatches(
                source.duplicate().limit(to).position(from),
                BatchHeader.baseOffset(source, from),
                nextOffset,
                BatchHeader.leaderEpoch(source, from),
                maxTimestamp,
                ofProducer);
    }

    /** Whether there is exactly one batch. */
    boolean isOne() {
        return BatchHeader.sizeInBytes(bytes, bytes.position()) == bytes.remaining();
    }

    /** End of the last offset gap before or between these batches, {@link #NO_GAP} if there is none. */
    long lastGapEnd(long logEndOffset) {
        long gap = NO_GAP;
        long end = logEndOffset;
        for (int at = bytes.position(); at < bytes.limit(); at += (int) BatchHeader.sizeInBytes(bytes, at)) {
            long base = BatchHeader.baseOffset(bytes, at);
            gap = base > end ? base : gap;
            end = BatchHeader.lastOffset(bytes, at) + 1;
        }
        return gap;
    }
}
