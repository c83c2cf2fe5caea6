package io.aeon.storage.log;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.SegmentConfig;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A replica's changes to its log: a follower appends the leader's batches, and truncates records that the leader lacks.
 */
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
     * Appends whole, already validated v2 batches of the leader, with the leader's offsets and leader epochs. Offset
     * gaps that compaction has left and control batches are permitted. Producer states are updated without checks. The
     * bytes survive a crash of the process, but survive a power cut only after {@link PartitionLog#flush}. May wait for
     * a disk if there is a gap.
     *
     * <p>The first batch of a log without records may begin below the log start offset and end above it.
     *
     * @param batches big-endian, at least one batch; the batches are not changed
     * @throws UnexpectedOffsetException a batch begins below the log end offset or the end of the previous batch;
     *     nothing was appended
     * @throws IllegalArgumentException a leader epoch is lower than an earlier one, or the buffer does not contain
     *     whole batches; nothing was appended
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
     * Begins a leader epoch at the log end offset (KIP-101), also if no record follows. The next checkpoint stores the
     * epoch; an opening of the log removes an epoch without records.
     *
     * @param leaderEpoch not below {@link PartitionLog#latestEpoch}
     * @throws IllegalArgumentException the epoch is lower
     */
    public void beginEpoch(int leaderEpoch) {
        appender.beginEpoch(leaderEpoch);
    }

    /**
     * Removes all batches that end at or after {@code offset}, durably, and the leader epochs that began there. The log
     * end offset is then the end of the last remaining batch, so it may be below {@code offset}. If no record remains,
     * the log is empty at the lower one of {@code offset} and its log start offset. An offset at or above the log end
     * offset removes no record. Lent slices stay readable. Waits for a disk.
     *
     * @throws IllegalArgumentException {@code offset} is negative
     * @throws StorageException the log has failed: it is unchanged or shorter; close it and open it again
     */
    public void truncateTo(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("the log end offset must be 0 or higher, not " + offset);
        }
        truncation.truncateTo(offset, logEndOffset.getAsLong(), config.get());
    }

    /**
     * Removes all records, durably: the log is empty, and its next offset is {@code offset}. Lent slices stay readable.
     * Waits for a disk.
     *
     * @throws IllegalArgumentException {@code offset} is negative
     * @throws StorageException the log has failed: it is unchanged, shorter or empty; close it and open it again
     */
    public void startAnew(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("the log start offset must be 0 or higher, not " + offset);
        }
        truncation.startAnew(offset, offset, config.get());
    }
}
