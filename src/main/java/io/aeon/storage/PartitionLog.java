package io.aeon.storage;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The log of one partition in one directory, in Kafka's file formats.
 *
 * <p>Threads: {@link #append}, {@link #advanceLogStart}, {@link #applyRetention}, {@link #reconfigure} and
 * {@link #close} belong to one owner at a time. All else may run on any thread beside the owner.
 *
 * <p>Every method throws {@link StorageException} when the files fail it; after a failed append or flush the log
 * accepts no further append, close and re-open it.
 */
public final class PartitionLog implements AutoCloseable {
    private PartitionLog() {}

    /**
     * Opens the log in {@code directory}, recovering what a crash left. A directory that does not exist is an empty log;
     * nothing is created before the first append.
     */
    public static PartitionLog open(Path directory, LogConfig config, LogEnvironment environment) {
        throw new UnsupportedOperationException();
    }

    /** First offset a reader may ask for. */
    public long logStartOffset() {
        throw new UnsupportedOperationException();
    }

    /** Offset the next record gets. */
    public long logEndOffset() {
        throw new UnsupportedOperationException();
    }

    /** Everything below this offset is on the disk: survives a power cut. */
    public long durableOffset() {
        throw new UnsupportedOperationException();
    }

    /** Bytes in all segments. */
    public long sizeInBytes() {
        throw new UnsupportedOperationException();
    }

    /**
     * Appends whole, already validated v2 batches; their base offsets and leader epochs are rewritten in place. The
     * bytes survive the process, not yet a power cut: see {@link #flush}.
     */
    public AppendResult append(ByteBuffer batches, int leaderEpoch) {
        throw new UnsupportedOperationException();
    }

    /** Makes all that was appended before this call durable; returns the new {@link #durableOffset}. One at a time. */
    public long flush() {
        throw new UnsupportedOperationException();
    }

    /** Whether reading at {@code offset} will not wait for a disk. */
    public boolean isHot(long offset) {
        throw new UnsupportedOperationException();
    }

    /**
     * Whole batches from the one that holds {@code offset}, below {@code endOffset}, of one segment, {@code maxBytes} at
     * most.
     *
     * @param atLeastOneBatch return the first batch even if it alone is larger than {@code maxBytes}
     * @throws OffsetOutOfRangeException {@code offset} is below the log start or above the log end
     */
    public LogSlice read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        throw new UnsupportedOperationException();
    }

    /** The first batch whose maximum timestamp is at or after {@code timestamp}, if below {@code endOffset}. */
    public Optional<TimestampOffset> firstAtOrAfter(long timestamp, long endOffset) {
        throw new UnsupportedOperationException();
    }

    /** The batch with the largest timestamp. */
    public Optional<TimestampOffset> maxTimestamp() {
        throw new UnsupportedOperationException();
    }

    /** Where {@code leaderEpoch} ended (KIP-320). */
    public EpochEndOffset endOfEpoch(int leaderEpoch) {
        throw new UnsupportedOperationException();
    }

    /** The latest leader epoch that has records, -1 if none. */
    public int latestEpoch() {
        throw new UnsupportedOperationException();
    }

    /** Moves the log start up to {@code offset} (DeleteRecords); durable on return. Whole segments below it go. */
    public void advanceLogStart(long offset) {
        throw new UnsupportedOperationException();
    }

    /** Rolls and removes segments by the settings' time and size, none at or above {@code highWatermark}; returns how many went. */
    public int applyRetention(long highWatermark) {
        throw new UnsupportedOperationException();
    }

    /** Settings for the appends from now on. */
    public void reconfigure(LogConfig config) {
        throw new UnsupportedOperationException();
    }

    /** Flushes, writes the caches and the clean checkpoint, releases every descriptor and map not lent out. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
