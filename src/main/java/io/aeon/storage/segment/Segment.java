package io.aeon.storage.segment;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.SegmentFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One segment: consecutive batches in one file, found by offset and by time. Only the log's owner appends, and only to
 * the last segment; all other methods may run on any thread.
 */
public final class Segment {
    /** The last bytes of a segment up to this number are assumed to be in the page cache. */
    private static final int RECENT_BYTES = 8 << 20;

    /** More than the usual distance between an index entry and the requested batch. */
    private static final int SLACK_BYTES = 64 << 10;

    private final long baseOffset;
    private final SegmentFile file;
    private final SegmentIndexes indexes;
    private final BatchLookup lookup;
    private final SegmentAge age;
    private volatile SegmentEnd end;
    /** Consumers at the log end read this batch repeatedly. */
    private volatile @Nullable LastBatch lastBatch;

    private final int ownAppendsFrom;
    private final SegmentTrust trust;

    /** @param end the segment's end while this is its last batch */
    private record LastBatch(long baseOffset, SegmentEnd end) {}

    private Segment(
            Path directory,
            Path log,
            long baseOffset,
            SegmentEnd end,
            @Nullable SegmentIndex growing,
            LeaderEpochs epochs,
            LogEnvironment environment) {
        this.baseOffset = baseOffset;
        this.end = end;
        this.ownAppendsFrom = end.position();
        this.file = new SegmentFile(log, environment.files(), environment.maps());
        this.age = new SegmentAge(file, SegmentNames.log(directory, baseOffset), environment.clock());
        this.indexes = new SegmentIndexes(
                baseOffset, file, new IndexFiles(directory, baseOffset, environment.files()), growing);
        this.lookup = new BatchLookup(file, indexes, () -> this.end);
        this.trust = new SegmentTrust(file, epochs);
    }

    /** A segment without batches and without a file. */
    public static Segment empty(Path directory, long baseOffset, LeaderEpochs epochs, LogEnvironment environment) {
        SegmentEnd end = SegmentEnd.empty(baseOffset);
        Path log = SegmentNames.log(directory, baseOffset);
        return known(directory, log, baseOffset, end, 0, new SegmentIndex(baseOffset), epochs, environment);
    }

    /** A segment that contains exactly {@code size} bytes of batches, up to {@code nextOffset}. */
    public static Segment sealed(
            Path directory,
            long baseOffset,
            int size,
            long nextOffset,
            LeaderEpochs epochs,
            LogEnvironment environment) {
        SegmentEnd end = new SegmentEnd(size, nextOffset, -1, 0, null);
        return new Segment(
                directory, SegmentNames.log(directory, baseOffset), baseOffset, end, null, epochs, environment);
    }

    /**
     * A segment with known indexes, whose batches from {@code scannedFrom} on have been checked.
     *
     * @param log the segment's file, which may still have a temporary name
     */
    public static Segment known(
            Path directory,
            Path log,
            long baseOffset,
            SegmentEnd end,
            int scannedFrom,
            SegmentIndex index,
            LeaderEpochs epochs,
            LogEnvironment environment) {
        Segment segment = new Segment(directory, log, baseOffset, end, index, epochs, environment);
        segment.trust.add(scannedFrom, Integer.MAX_VALUE);
        return segment;
    }

    /** Every record's offset is at or above this one; it is part of the file names. */
    public long baseOffset() {
        return baseOffset;
    }

    /** The segment's present end. */
    public SegmentEnd end() {
        return end;
    }

    /** Bytes of the whole batches. */
    public int size() {
        return end.position();
    }

    /** The segment's file. */
    public SegmentFile file() {
        return file;
    }

    /** The segment's age. */
    public SegmentAge age() {
        return age;
    }

    /** Bytes of the larger of the two indexes. */
    public long indexBytes() {
        return indexes.bytes();
    }

    /** Whether Kafka's rules require a new segment before these batches are appended. */
    public boolean mustRoll(int bytes, long lastOffset, long maxTimestamp, SegmentConfig config) {
        int size = size();
        if (lastOffset - baseOffset > Integer.MAX_VALUE) {
            return true;
        }
        if (size == 0) {
            return false;
        }
        return size > config.segmentBytes() - bytes
                || age.isPast(maxTimestamp, size, config)
                || (indexes.growing().offsets().count() + 1L) * OffsetIndex.ENTRY_BYTES > config.indexMaxBytes()
                || (indexes.growing().times().count() + 1L) * TimeIndex.ENTRY_BYTES > config.indexMaxBytes();
    }

    /** Appends whole batches with final offsets. For the owner only. */
    public void append(ByteBuffer batches, SegmentConfig config) {
        SegmentEnd before = end;
        SegmentIndex index = indexes.growing();
        int from = batches.position();
        int to = batches.limit();
        file.write(batches, before.position());
        int last = from;
        for (int at = from; at < to; at += (int) BatchHeader.sizeInBytes(batches, at)) {
            index.add(
                    before.position() + at - from,
                    (int) BatchHeader.sizeInBytes(batches, at),
                    BatchHeader.lastOffset(batches, at),
                    BatchHeader.maxTimestamp(batches, at),
                    config.indexIntervalBytes());
            last = at;
        }
        if (before.position() == 0) {
            age.begin(BatchHeader.maxTimestamp(batches, from));
        }
        SegmentEnd after = new SegmentEnd(
                before.position() + to - from,
                BatchHeader.lastOffset(batches, last) + 1,
                before.position() + last - from,
                BatchHeader.crc(batches, last),
                index.max());
        lastBatch = new LastBatch(BatchHeader.baseOffset(batches, last), after);
        end = after;
    }

    /**
     * Lends whole batches, starting with the one that contains {@code offset}; null if the segment ends before it.
     *
     * @param endOffset only batches that end below this offset are lent
     * @param atLeastOneBatch lend the first batch even if it alone is larger than {@code maxBytes}
     * @throws DamagedLogException the batches are damaged
     */
    @Nullable
    public LogSlice read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        SegmentEnd now = end;
        if (endOffset >= now.nextOffset() && isInLastBatch(offset, now)) {
            int size = now.position() - now.lastBatch();
            return size <= maxBytes || atLeastOneBatch ? lend(now.lastBatch(), now.position(), now) : LogSlice.EMPTY;
        }
        LogSlice following = readOn(offset, maxBytes, endOffset, now);
        if (following != null) {
            return following;
        }
        HeaderCursor first = lookup.seek(offset, now.position());
        if (first == null) {
            requireWhole(offset, now.position(), now.position(), now);
            return null;
        }
        int start = first.position();
        int wanted = (int) Math.min(now.position(), (long) start + maxBytes);
        int stop = requireWhole(offset, first.end(), Math.max(wanted, first.end()), now);
        if (now.nextOffset() > endOffset || stop - start > maxBytes) {
            stop = lookup.lastBoundary(start, (int) Math.min(stop, (long) start + maxBytes), endOffset, stop);
            if (stop == start && atLeastOneBatch && first.lastOffset() < endOffset) {
                stop = first.end();
            }
        }
        return stop == start ? LogSlice.EMPTY : lend(start, stop, now);
    }

    /** The batches after an earlier read if their place is known, and they are checked and not too large; or null. */
    private @Nullable LogSlice readOn(long offset, int maxBytes, long endOffset, SegmentEnd now) {
        int start = lookup.startAfterRead(offset);
        int limit = (int) Math.min(now.position(), (long) start + maxBytes);
        if (start == ReadPoints.UNKNOWN || limit <= start || !trust.covers(start, limit)) {
            return null;
        }
        boolean all = limit == now.position() && endOffset >= now.nextOffset();
        int stop = all ? limit : lookup.lastBoundary(start, limit, endOffset, now.position());
        return stop == start ? null : lend(start, stop, now);
    }

    /** Whether the offset is in the last batch, as far as it is known without a read of the file. */
    private boolean isInLastBatch(long offset, SegmentEnd now) {
        LastBatch last = lastBatch;
        return last != null
                && last.end().position() == now.position()
                && offset >= last.baseOffset()
                && offset < now.nextOffset()
                && trust.covers(now.lastBatch(), now.position());
    }

    private LogSlice lend(int start, int stop, SegmentEnd now) {
        if (stop == now.position()) {
            lookup.readTo(now);
        }
        return isRecent(start, now)
                ? file.recentSlice(start, stop - start, trust::doubt)
                : file.slice(start, stop - start, now.position(), trust::doubt);
    }

    /** @see SegmentTrust#require */
    private int requireWhole(long offset, int least, int wanted, SegmentEnd now) {
        return offset >= now.nextOffset()
                ? now.position()
                : trust.require(indexes.offsets(now).floor(offset), least, wanted, baseOffset, now);
    }

    /** Whether a read of {@code maxBytes} bytes from the batch with {@code offset} on does not wait for a disk. */
    public boolean isHot(long offset, int maxBytes) {
        SegmentEnd now = end;
        OffsetIndex offsets = indexes.offsetsInMemory();
        if (offsets == null) {
            return false;
        }
        int position = offsets.floor(offset).position();
        if (!trust.covers(position, (int) Math.min(now.position(), (long) position + maxBytes + SLACK_BYTES))) {
            return false;
        }
        return isRecent(position, now) || file.isLoaded(position, Math.min(now.position() - position, SLACK_BYTES));
    }

    /** The first batch whose last offset is at or above {@code offset}, null if there is none below {@code limit}. */
    @Nullable
    public HeaderCursor seek(long offset, int limit) {
        return lookup.seek(offset, limit);
    }

    /** The first batch from {@code fromOffset} on whose maximum timestamp is at or after {@code timestamp}. */
    @Nullable
    public HeaderCursor seekTimestamp(long timestamp, long fromOffset) {
        return lookup.seekTimestamp(timestamp, fromOffset);
    }

    /** The segment's largest timestamp. */
    public MaxTimestamp max() {
        SegmentEnd now = end;
        if (now.max() != null) {
            return now.max();
        }
        MaxTimestamp fromIndex = lookup.entry(TimeIndex::last);
        end = new SegmentEnd(now.position(), now.nextOffset(), now.lastBatch(), now.lastCrc(), fromIndex);
        return fromIndex;
    }

    /** Writes the index files with the batches before {@code upTo}. */
    public IndexFiles.Checksums checkpoint(SegmentEnd upTo) {
        return indexes.checkpoint(upTo);
    }

    /** Whether no append is possible: {@link #seal} was called, or the segment was opened sealed. */
    public boolean isSealed() {
        return !indexes.isGrowing();
    }

    /** Ends appending: writes the final index files and releases what only appends need. */
    public void seal() {
        indexes.seal(end);
        file.seal();
    }

    private boolean isRecent(int position, SegmentEnd now) {
        return indexes.isGrowing() && position >= Math.max(ownAppendsFrom, now.position() - RECENT_BYTES);
    }
}
