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

/**
 * The log of one partition in one directory, in Kafka's file formats.
 *
 * <p>Threads: appends, {@link #replication}, {@link #start}, {@link #reconfigure} and {@link #close} belong to one
 * owner at a time. Any thread may call the other methods concurrently with the owner.
 *
 * <p>Every method throws {@link StorageException} when a file operation fails. After a failed append or flush the log
 * accepts no append: close it and open it again; its records stay readable meanwhile. A log that is closed, or is being
 * closed on another thread, throws {@link LogClosedException}.
 */
public final class PartitionLog implements AutoCloseable {
    /** A flush writes a checkpoint this many bytes after the last one, and at the first flush after a roll. */
    public static final int CHECKPOINT_BYTES = 64 << 20;

    private final LogDirectory directory;
    private final Segments segments;
    private final LeaderEpochs epochs;
    private final LogProducers producers;
    private final LogSync sync;
    private final LogAppender appender;
    private final LogReader reader;
    private final LogTimes times;
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
        this.times = new LogTimes(reader, segments, this::logStartOffset);
        this.sync = new LogSync(
                segments, directory, epochs, producers, environment.files(), this::logStartOffset, recovered);
        OpenLog log = new OpenLog(directory, environment, segments, epochs, producers, sync);
        this.start = new LogStart(log, recovered.logStartOffset(), this::logEndOffset, () -> this.config);
        this.appender = new LogAppender(log, this::logStartOffset, this::logEndOffset);
        this.replication = new LogReplication(
                appender,
                new LogTruncation(log, start),
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
     * Opens the log in {@code directory} and recovers it after a crash. A directory that does not exist is an empty
     * log; the first append creates it. All records are durable on return.
     *
     * <p>A log with damage in its durable part opens in quarantine: none of its files are changed, and records before
     * the damage can be read. All other calls fail with {@link DamagedLogException}; see {@link Recovery#damage}.
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

    /** What {@link #open} found. */
    public Recovery recovery() {
        return recovery;
    }

    /** First offset that a reader may request. */
    public long logStartOffset() {
        return start.offset();
    }

    /** Offset of the next record; in quarantine the first offset that cannot be read. */
    public long logEndOffset() {
        Segment last = segments.last();
        long from = logStartOffset();
        return last == null ? from : Math.max(from, last.end().nextOffset());
    }

    /** Records below this offset survive a power cut. In quarantine, the durable offset before the damage. */
    public long durableOffset() {
        return sync.durableOffset();
    }

    /** Bytes in all segments. */
    public long sizeInBytes() {
        return segments.sizeInBytes();
    }

    /**
     * Appends whole, already validated v2 batches; sets their base offsets and leader epochs in place. The bytes
     * survive a crash of the process, but survive a power cut only after {@link #flush}.
     *
     * @param batches big-endian, at least one batch; position and limit do not change
     * @param leaderEpoch not below {@link #latestEpoch}
     * @return the place of the batches; for a duplicate of one of its producer's last five batches, the place of the
     *     first append
     * @throws IllegalArgumentException the epoch is too low, the buffer does not contain whole batches, or a batch with
     *     a producer id is not the only one; nothing was appended
     * @throws RefusedAppendException the producer's epoch or sequence number is wrong; nothing was appended
     */
    public AppendResult append(ByteBuffer batches, int leaderEpoch) {
        return appender.append(batches, leaderEpoch, config.segments());
    }

    /**
     * Appends the marker that ends a transaction.
     *
     * @param batch one v2 control batch with a COMMIT or ABORT marker; base offset and leader epoch are set in place
     * @param transactionVersion the producer's transaction version; see {@link ProducerStates#admit(EndMarker, int)}
     * @throws RefusedAppendException the marker belongs to an old epoch or is late; nothing was appended
     */
    public AppendResult appendMarker(ByteBuffer batch, int leaderEpoch, int transactionVersion) {
        return appender.appendMarker(batch, leaderEpoch, transactionVersion, config.segments());
    }

    /**
     * All transactions with records below this offset have ended below the high watermark. A consumer with isolation
     * level read_committed reads up to here. The high watermark must not decrease from call to call.
     */
    public long lastStableOffset(long highWatermark) {
        return Math.max(producers.states().lastStableOffset(highWatermark), Math.min(logStartOffset(), highWatermark));
    }

    /** The producers of this log and its aborted transactions. */
    public LogProducers producers() {
        return producers;
    }

    /** Offset after the last batch of the {@code bytes} bytes that start at the batch with {@code offset}. */
    public long endOf(long offset, int bytes) {
        return reader.endOf(offset, bytes);
    }

    /**
     * Makes all bytes that were appended before this call durable; returns the new {@link #durableOffset}. One caller
     * at a time. A caller that does not need durability must still call it every {@link #CHECKPOINT_BYTES}: an opening
     * after a crash checks all unflushed bytes, and rolled segments keep their descriptors until a flush.
     */
    public long flush() {
        return sync.flush();
    }

    /** Whether a full segment is not flushed as a whole: it cannot be compacted, and is checked after a crash. */
    public boolean hasUnflushedRoll() {
        return sync.hasUnflushedRoll();
    }

    /**
     * Flushes and writes a checkpoint, if the next opening would otherwise check {@code leastBytes} or find an old log
     * start offset. A failed checkpoint, as on a full disk, only makes the next opening slower.
     *
     * @throws StorageException the flush failed
     */
    public void checkpoint(long leastBytes) {
        sync.checkpointIfLacking(leastBytes);
    }

    /** Whether {@link #read} of {@code maxBytes} bytes at {@code offset} does not wait for a disk. */
    public boolean isHot(long offset, int maxBytes) {
        return reader.isHot(offset, maxBytes) && producers.isHot(offset);
    }

    /**
     * Lends whole batches of one segment, starting with the one that contains {@code offset}, at most {@code maxBytes}
     * bytes, all below {@code endOffset}. The first batch may begin before {@code offset}. The result is empty if there
     * is no such batch, for example at the log end offset.
     *
     * <p>A batch that was on the disk before the opening is checked by its CRC before its first read.
     *
     * @param atLeastOneBatch return the first batch even if it alone is larger than {@code maxBytes}
     * @throws DamagedLogException the batch is damaged; records before and after the damage can be read
     * @throws OffsetOutOfRangeException {@code offset} is below the log start offset or above the log end offset
     */
    public LogSlice read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        return reader.read(offset, maxBytes, atLeastOneBatch, endOffset);
    }

    /** The search for batches by time. */
    public LogTimes times() {
        return times;
    }

    /** The end offset of {@code leaderEpoch} (KIP-320). */
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

    /** The log start offset and what raises it. */
    public LogStart start() {
        return start;
    }

    /**
     * The summary that is kept while this log is closed. It is valid only if nothing is appended after the call.
     *
     * @throws StorageException the log has failed, so that its state is unknown
     */
    public LogSummary summary(long highWatermark) {
        sync.requireUsable();
        return start.summary(highWatermark);
    }

    /** A replica's changes to this log; for the owner only. */
    public LogReplication replication() {
        return replication;
    }

    /** The log's compaction. */
    public LogCompaction compaction() {
        return compaction;
    }

    /** Changes the settings for all further appends. */
    public void reconfigure(LogConfig newConfig) {
        config = newConfig;
    }

    /**
     * Flushes the log, writes the caches and the checkpoint that speed up the next opening if the disk has room, and
     * closes all descriptors and maps that are not lent out, even if the flush fails. A second call has no effect.
     *
     * @throws StorageException the flush failed: the last appended records may not be durable
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
