package io.aeon.storage.segment;

import io.aeon.storage.batch.BatchScanner;
import io.aeon.storage.file.SegmentFile;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the batches of one segment are unchanged: by the CRC, and by the offsets and the leader epoch, which
 * the CRC does not cover. One thread.
 */
public final class BatchCheck {
    private final BatchScanner batch;
    private final LeaderEpochs epochs;
    private final long epochsTo;
    private final long fileSize;
    private final long nextOffset;

    /**
     * @param fileSize end of the segment's last batch
     * @param nextOffset every offset of the segment is below this one
     * @param epochsTo {@code epochs} lacks those that began at this offset or later
     */
    public BatchCheck(SegmentFile file, long fileSize, long nextOffset, LeaderEpochs epochs, long epochsTo) {
        this.batch = new BatchScanner(file, fileSize);
        this.fileSize = fileSize;
        this.nextOffset = nextOffset;
        this.epochs = epochs;
        this.epochsTo = epochsTo;
    }

    /** The batch that was checked last. */
    public BatchScanner batch() {
        return batch;
    }

    /**
     * Whether a valid batch begins at {@code at}, which may be any byte of the file. The offsets are compared first: the
     * lengths in bytes that only look like headers would make the CRCs expensive.
     *
     * @param expected the lowest permitted base offset
     */
    public boolean isValid(long at, long expected) {
        return batch.checkHeader(at) == null
                && batch.baseOffset() >= expected
                && batch.baseOffset() < nextOffset
                && batch.lastOffset() < nextOffset
                && wrong(at, expected) == null;
    }

    /**
     * The reason why the batch at {@code at} is invalid, null if it is valid.
     *
     * @param expected the lowest permitted base offset
     */
    @Nullable
    public String wrong(long at, long expected) {
        String wrong = batch.check(at);
        if (wrong != null) {
            return wrong;
        }
        if (batch.baseOffset() < expected) {
            return "base offset " + batch.baseOffset() + " instead of " + expected + " or higher";
        }
        int epoch = epochs.at(batch.baseOffset());
        boolean later = batch.baseOffset() >= epochsTo && batch.leaderEpoch() > epoch;
        if (epoch >= 0 && epoch != batch.leaderEpoch() && !later) {
            return "leader epoch " + batch.leaderEpoch() + " instead of " + epoch;
        }
        // The CRC does not cover the offsets: only the next batch's base offset limits the last offset of this one.
        long next = at + batch.size() < fileSize ? batch.nextBaseOffset() : nextOffset;
        return next <= batch.lastOffset()
                ? "offsets up to " + batch.lastOffset() + ", but the next batch begins at " + next
                : null;
    }
}
