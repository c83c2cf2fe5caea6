package io.aeon.storage.log;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.SegmentConfig;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What a replica does with its log: as a follower it takes what the leader has, and takes back what the leader has not. */
public final class LogReplication {
    private final LogAppender appender;
    private final LogTruncation truncation;
    private final LongSupplier logStartOffset;
    private final LongSupplier logEndOffset;
    private final Supplier<SegmentConfig> config;

    LogReplication(
            LogAppender appender,
            LogTruncation truncation,
            LongSupplier logStartOffset,
            LongSupplier logEndOffset,
            Supplier<SegmentConfig> config) {
        this.appender = appender;
        this.truncation = truncation;
        this.logStartOffset = logStartOffset;
        this.logEndOffset = logEndOffset;
        this.config = config;
    }

    /**
     * Appends whole, already validated v2 batches as a leader has them: with its offsets and leader epochs, with the gaps
     * that compaction has left there, control batches among the others. Producers are taken in as they come. The bytes
     * survive the process, not yet a power cut: see {@link PartitionLog#flush}. A gap may have it wait for a disk.
     *
     * <p>To a log without records the leader may send a batch that begins below its log start, and ends above.
     *
     * @param batches big-endian, one batch at least; nothing of them is changed
     * @throws UnexpectedOffsetException a batch begins below the log end offset or the end of the one before it; nothing
     *     was appended
     * @throws IllegalArgumentException a leader epoch is lower than one before it, or the buffer does not hold whole
     *     batches; nothing was appended
     */
    public AppendResult appendAsFollower(ByteBuffer batches) {
        if (isEmpty() && batches.remaining() >= BatchHeader.BYTES) {
            long base = BatchHeader.baseOffset(batches, batches.position());
            if (base < logStartOffset.getAsLong()
                    && BatchHeader.lastOffset(batches, batches.position()) >= logStartOffset.getAsLong()) {
                truncation.startAnew(base, logStartOffset.getAsLong(), config.get());
            }
        }
        return appender.appendAsFollower(batches, config.get());
    }

    private boolean isEmpty() {
        return logEndOffset.getAsLong() == logStartOffset.getAsLong();
    }

    /**
     * A leader begins to lead: its epoch begins at the log end offset (KIP-101), whether or not a record follows. It is
     * written down with the next checkpoint, and an opening forgets an epoch without records.
     *
     * @param leaderEpoch not below {@link PartitionLog#latestEpoch}
     * @throws IllegalArgumentException it is
     */
    public void beginEpoch(int leaderEpoch) {
        appender.beginEpoch(leaderEpoch);
    }

    /**
     * Removes all batches that reach to {@code offset} or lie behind it, durably, and the leader epochs that began there.
     * The log end offset is then that of the last batch before, so it may be below {@code offset}. If no record is left,
     * the log is empty at {@code offset} or at its log start, whichever is lower. An offset at or above the log end
     * removes no record. Slices that were lent stay readable. Waits for a disk.
     *
     * @throws IllegalArgumentException {@code offset} is negative
     * @throws StorageException the log has failed: it is as before or shorter, close and re-open it
     */
    public void truncateTo(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("a log cannot end at " + offset);
        }
        truncation.truncateTo(offset, logEndOffset.getAsLong(), config.get());
    }

    /**
     * Removes everything, durably: the log is empty, and its next offset is {@code offset}. Slices that were lent stay
     * readable. Waits for a disk.
     *
     * @throws IllegalArgumentException {@code offset} is negative
     * @throws StorageException the log has failed: its end or all of it is gone, or nothing yet; close and re-open it
     */
    public void startAnew(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("a log cannot begin at " + offset);
        }
        truncation.startAnew(offset, offset, config.get());
    }
}
