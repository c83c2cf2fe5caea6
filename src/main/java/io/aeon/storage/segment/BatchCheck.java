package io.aeon.storage.segment;

import io.aeon.storage.batch.BatchScanner;
import io.aeon.storage.file.SegmentFile;
import org.jspecify.annotations.Nullable;

/**
 * Says of the batches of one segment whether they are what was written: by the CRC, and by what lies outside of it, the
 * offsets and the leader epoch. One thread.
 */
public final class BatchCheck {
    private final BatchScanner batch;
    private final LeaderEpochs epochs;
    private final long fileSize;
    private final long nextOffset;

    /**
     * @param fileSize where the segment's last batch ends
     * @param nextOffset no offset of the segment reaches up to this one
     */
    public BatchCheck(SegmentFile file, long fileSize, long nextOffset, LeaderEpochs epochs) {
        this.batch = new BatchScanner(file, fileSize);
        this.fileSize = fileSize;
        this.nextOffset = nextOffset;
        this.epochs = epochs;
    }

    /** The batch that was checked last. */
    public BatchScanner batch() {
        return batch;
    }

    /**
     * What is wrong with the batch at {@code at}, null if nothing.
     *
     * @param expected the least offset it may begin with
     */
    @Nullable
    public String wrong(long at, long expected) {
        String wrong = batch.check(at);
        if (wrong != null) {
            return wrong;
        }
        if (batch.baseOffset() < expected) {
            return "offset " + batch.baseOffset() + " where " + expected + " may come";
        }
        int epoch = epochs.at(batch.baseOffset());
        if (epoch >= 0 && epoch != batch.leaderEpoch()) {
            return "leader epoch " + batch.leaderEpoch() + " where " + epoch + " must be";
        }
        // A batch's CRC does not cover its offsets: that they do not reach too far only the next one tells.
        long next = at + batch.size() < fileSize ? batch.nextBaseOffset() : nextOffset;
        return next <= batch.lastOffset()
                ? "offsets up to " + batch.lastOffset() + ", but the next batch begins at " + next
                : null;
    }
}
