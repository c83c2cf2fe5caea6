package io.aeon.storage.log;

import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.compaction.LogCompaction;
import io.aeon.storage.compaction.LogParts;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.producer.EndMarker;
import io.aeon.storage.producer.LogProducers;
import io.aeon.storage.producer.ProducerStates;
import io.aeon.storage.producer.RefusedAppendException;
import io.aeon.storage.recovery.LogRecovery;
import io.aeon.storage.recovery.Recovery;
import io.aeon.storage.segment.EpochEndOffset;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.Segments;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The log of one partition in one directory, in Kafka's file formats.
 *
 * <p>Threads: appends, {@link #replication}, {@link #advanceLogStart}, {@link #applyRetention}, {@link #reconfigure} and
 * {@link #close} belong to one owner at a time. All else may run on any thread beside the owner.
 *
 * <p>Every method throws {@link StorageException} when the files fail it; after a failed append or flush the log
 * accepts no further append, close and re-open it. What can be read stays readable meanwhile. A log that is closed, or is
 * being closed on another thread, throws {@link LogClosedException}.
 */
public final class PartitionLog implements AutoCloseable {
    /** A flush that is this far from the last checkpoint, or the first one after a roll, writes a new one. */
    public static final int CHECKPOINT_BYTES = 64 << 20;

    private final LogDirectory directory;
    private final Segments segments;
    private final LeaderEpochs epochs;
    private final LogProducers producers;
    private final LogSync sync;
    private final LogAppender appender;
    private final LogReader reader;
    private final Recovery recovery;
    private final LogStart start;
    private final LogReplication replication;
    private final LogCompaction compaction;
    private volatile LogConfig config;

    private PartitionLog(
            LogDirectory directory, LogConfig config, LogEnvironment environment, LogRecovery.Recovered recovered) {
        this.directory = directory;
        this.config = config;
        this.segments = new Segments(recovered.segments());
        this.epochs = recovered.epochs();
        this.producers = recovered.producers();
        this.recovery = recovered.report();
        this.reader = new LogReader(segments, this::logStartOffset, this::logEndOffset, recovery.damage());
        this.sync = new LogSync(
                segments, directory, epochs, producers, environment.files(), this::logStartOffset, recovered);
        this.start =
                new LogStart(directory, environment, segments, epochs, producers, sync, recovered.logStartOffset());
        this.appender = new LogAppender(
                directory, environment, segments, epochs, producers, sync, this::logStartOffset, this::logEndOffset);
        this.replication = new LogReplication(
                appender,
                new LogTruncation(directory, environment, segments, epochs, producers, sync, start),
                this::logStartOffset,
                this::logEndOffset,
                () -> this.config.segments());
        this.compaction = new LogCompaction(
                new LogParts(segments, epochs, producers, sync, directory, environment),
                this::logStartOffset,
                () -> this.config.segments(),
                () -> this.config.compaction());
        producers.states().reached(logEndOffset());
        recovery.damage().map(DamagedLogException::new).ifPresent(sync::fail);
    }

    /**
     * Opens the log in {@code directory}, recovering what a crash left. A directory that does not exist is an empty log;
     * nothing is created before the first append. All that is found is durable on return.
     *
     * <p>A log that is damaged below what was durable opens in quarantine: nothing of it is changed, what lies before the
     * damage can be read, all else fails with {@link DamagedLogException}. {@link Recovery#damage} tells.
     */
    public static PartitionLog open(Path directory, LogConfig config, LogEnvironment environment) {
        LogDirectory files = new LogDirectory(directory, environment.files());
        PartitionLog log = new PartitionLog(
                files, config, environment, new LogRecovery(files, config.segments(), environment).recover());
        if (log.recovery.damage().isEmpty() && log.durableOffset() < log.logEndOffset()) {
            files.changed();
            try {
                log.sync.flush();
            } catch (StorageException e) {
                log.release();
                throw e;
            }
        }
        return log;
    }

    /** What {@link #open} came upon. */
    public Recovery recovery() {
        return recovery;
    }

    /** First offset a reader may ask for. */
    public long logStartOffset() {
        return start.offset();
    }

    /** Offset the next record gets; in quarantine the first offset that cannot be read. */
    public long logEndOffset() {
        Segment last = segments.last();
        long from = logStartOffset();
        return last == null ? from : Math.max(from, last.end().nextOffset());
    }

    /** Everything below this offset is on the disk: survives a power cut. In quarantine, what was so before the damage. */
    public long durableOffset() {
        return sync.durableOffset();
    }

    /** Bytes in all segments. */
    public long sizeInBytes() {
        return segments.sizeInBytes();
    }

    /**
     * Appends whole, already validated v2 batches; their base offsets and leader epochs are rewritten in place. The
     * bytes survive the process, not yet a power cut: see {@link #flush}.
     *
     * @param batches big-endian, one batch at least; its position and limit are left as they were
     * @param leaderEpoch not below {@link #latestEpoch}
     * @return where the batches are; of a batch with a producer id that is among its producer's last five already, where
     *     it was appended before
     * @throws IllegalArgumentException the epoch is too low, the buffer does not hold whole batches, or a batch with a
     *     producer id does not come alone; nothing was appended
     * @throws RefusedAppendException the producer's epoch or sequence forbids it; nothing was appended
     */
    public AppendResult append(ByteBuffer batches, int leaderEpoch) {
        return appender.append(batches, leaderEpoch, config.segments());
    }

    /**
     * Appends the marker that ends a transaction.
     *
     * @param batch one v2 control batch with a COMMIT or ABORT marker; base offset and leader epoch are rewritten in place
     * @param transactionVersion the producer's; see {@link ProducerStates#admit(EndMarker, int)}
     * @throws RefusedAppendException the marker is a zombie's or late; nothing was appended
     */
    public AppendResult appendMarker(ByteBuffer batch, int leaderEpoch, int transactionVersion) {
        return appender.appendMarker(batch, leaderEpoch, transactionVersion, config.segments());
    }

    /**
     * Below this offset every transaction has ended, and its end is below the high watermark: as far as one may read who
     * reads committed. The high watermark does not fall from call to call.
     */
    public long lastStableOffset(long highWatermark) {
        return Math.max(producers.states().lastStableOffset(highWatermark), Math.min(logStartOffset(), highWatermark));
    }

    /** Who wrote to this log, and which of it is void. */
    public LogProducers producers() {
        return producers;
    }

    /** Where the batches end that lie in the {@code bytes} from the one on which holds {@code offset}. */
    public long endOf(long offset, int bytes) {
        return reader.endOf(offset, bytes);
    }

    /**
     * Makes all that was appended before this call durable; returns the new {@link #durableOffset}. One at a time. Who
     * does not need it for durability calls it every {@link #CHECKPOINT_BYTES} all the same: what was not flushed is
     * scanned after a crash, and rolled segments keep their descriptors.
     */
    public long flush() {
        return sync.flush();
    }

    /** Whether a segment is full that no flush has covered whole: it cannot be compacted, and a crash has it scanned. */
    public boolean hasUnflushedRoll() {
        return sync.hasUnflushedRoll();
    }

    /**
     * Flushes and writes down how far, if the next opening would scan {@code leastBytes} or find an old log start. What
     * cannot be written down, as on a full disk, costs time then and no more.
     *
     * @throws StorageException the flush failed
     */
    public void checkpoint(long leastBytes) {
        sync.checkpointIfLacking(leastBytes);
    }

    /** Whether {@link #read} of so many bytes at {@code offset} will not wait for a disk. */
    public boolean isHot(long offset, int maxBytes) {
        return reader.isHot(offset, maxBytes) && producers.isHot(offset);
    }

    /**
     * Whole batches from the one that holds {@code offset}, below {@code endOffset}, of one segment, {@code maxBytes} at
     * most. The first batch may begin before {@code offset}; a batch that reaches to {@code endOffset} or beyond is left
     * out. Empty when there is no such batch, hence at the log end.
     *
     * <p>What was not written by this log since it was opened is checked by its CRC before it is lent for the first time.
     *
     * @param atLeastOneBatch return the first batch even if it alone is larger than {@code maxBytes}
     * @throws DamagedLogException the batch is not what was written; what lies before and behind can be read
     * @throws OffsetOutOfRangeException {@code offset} is below the log start or above the log end
     */
    public LogSlice read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        return reader.read(offset, maxBytes, atLeastOneBatch, endOffset);
    }

    /**
     * The first batch whose maximum timestamp is at or after {@code timestamp}, if below {@code endOffset}. It may begin
     * before the log start, never end before it. May wait for a disk.
     */
    public Optional<TimestampOffset> firstAtOrAfter(long timestamp, long endOffset) {
        return reader.firstAtOrAfter(timestamp, endOffset);
    }

    /**
     * The first batch with the largest timestamp of all that reach above the log start (KIP-734), if any batch has one. May
     * wait for a disk.
     */
    public Optional<TimestampOffset> maxTimestamp() {
        return reader.maxTimestamp();
    }

    /** Where {@code leaderEpoch} ended (KIP-320). */
    public EpochEndOffset endOfEpoch(int leaderEpoch) {
        EpochEndOffset end = epochs.endOf(leaderEpoch, logEndOffset());
        if (end.endOffset() < 0 || end.endOffset() >= logEndOffset()) {
            reader.throwIfDamaged();
        }
        return end;
    }

    /** The latest leader epoch that has records, -1 if none. */
    public int latestEpoch() {
        return epochs.latest();
    }

    /** The first leader epoch that has records, -1 if none. */
    public int earliestEpoch() {
        return epochs.earliest();
    }

    /**
     * Moves the log start up to {@code offset} (DeleteRecords); durable on return. Whole segments below it go. An offset
     * at or below the log start changes nothing.
     *
     * @throws OffsetOutOfRangeException {@code offset} is above the log end
     */
    public void advanceLogStart(long offset) {
        if (offset > logEndOffset()) {
            throw new OffsetOutOfRangeException(offset, logStartOffset(), logEndOffset());
        }
        if (offset > logStartOffset()) {
            start.advanceTo(offset, config);
        }
    }

    /**
     * Removes segments by the settings' time and size, none that reaches above {@code highWatermark}; returns how many. An
     * active one past its time is rolled and goes too. Also deletes from the disk what was removed a while ago.
     */
    public int applyRetention(long highWatermark) {
        int removed = start.applyRetention(highWatermark, config);
        start.rollOld(config);
        return removed;
    }

    /** Deletes from the disk what was removed, without the delay that the settings ask for. For the owner only. */
    public void purgeRemoved() {
        start.purgeRemoved();
    }

    /**
     * What is to be remembered of this log while it is closed: as it is now, so nothing may be appended in between.
     *
     * @throws StorageException the log has failed, so that nothing can be said of it
     */
    public LogSummary summary(long highWatermark) {
        sync.requireUsable();
        return start.summary(highWatermark, config);
    }

    /** What a replica does with this log; for the owner only. */
    public LogReplication replication() {
        return replication;
    }

    /** The log's compaction. */
    public LogCompaction compaction() {
        return compaction;
    }

    /** Settings for the appends from now on. */
    public void reconfigure(LogConfig newConfig) {
        config = newConfig;
    }

    /**
     * Flushes, writes the caches and the checkpoint that make the next opening cheap if the disk takes them, releases
     * every descriptor and map not lent out; also when the flush fails. A failed log is only released. Closing twice is
     * harmless.
     *
     * @throws StorageException the flush failed: what was appended last may not be durable
     */
    @Override
    public void close() {
        try {
            if (!sync.hasFailed() && !sync.isClosed()) {
                sync.checkpointIfPossible(true);
            }
        } finally {
            release();
        }
        directory.purge(Long.MAX_VALUE);
    }

    private void release() {
        reader.close();
        sync.close(() -> segments.all().forEach(segment -> segment.file().retire()));
    }
}
