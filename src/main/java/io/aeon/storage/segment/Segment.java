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
 * One segment: consecutive batches in one file, found by offset and by time. The last one of a log is appended to by the
 * log's owner; all else may run on any thread.
 */
public final class Segment {
    /** What was appended this few bytes ago is taken for still in the page cache. */
    private static final int RECENT_BYTES = 8 << 20;

    /** More than there usually is between an index entry and the batch that is looked for. */
    private static final int SLACK_BYTES = 64 << 10;

    private final long baseOffset;
    private final SegmentFile file;
    private final SegmentIndexes indexes;
    private final BatchLookup lookup;
    private final SegmentAge age;
    private volatile SegmentEnd end;
    /** Consumers at the log's end ask for it again and again. */
    private volatile @Nullable LastBatch lastBatch;

    private final int ownAppendsFrom;
    private final SegmentTrust trust;

    /** @param end of the segment when this is its last batch */
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

    /** A segment without batches, without a file yet. */
    public static Segment empty(Path directory, long baseOffset, LeaderEpochs epochs, LogEnvironment environment) {
        SegmentEnd end = SegmentEnd.empty(baseOffset);
        Path log = SegmentNames.log(directory, baseOffset);
        return known(directory, log, baseOffset, end, 0, new SegmentIndex(baseOffset), epochs, environment);
    }

    /** A segment that holds no more and no less than {@code size} bytes of batches up to {@code nextOffset}. */
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
     * A segment whose indexes are known, and its batches from {@code scannedFrom} on.
     *
     * @param log its file, which may have no lasting name yet
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

    /** No record has a smaller offset; the files are named for it. */
    public long baseOffset() {
        return baseOffset;
    }

    /** How far it reaches now. */
    public SegmentEnd end() {
        return end;
    }

    /** Bytes of whole batches. */
    public int size() {
        return end.position();
    }

    /** Its bytes. */
    public SegmentFile file() {
        return file;
    }

    /** How old it is. */
    public SegmentAge age() {
        return age;
    }

    /** Bytes of the larger of its indexes. */
    public long indexBytes() {
        return indexes.bytes();
    }

    /** Whether Kafka's rules want a new segment before these batches. */
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

    /** Appends whole batches whose offsets are set already. For the owner only. */
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
     * Lends the whole batches from the one that holds {@code offset}; null if the segment ends before it.
     *
     * @param endOffset batches that reach to it or beyond are left out
     * @param atLeastOneBatch lend the first batch even if it alone is larger than {@code maxBytes}
     * @throws DamagedLogException the batches are not what was written
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

    /** What follows an earlier read, if that is known, whole, and not too large; else null. */
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

    /** Whether that is known without a look into the file. */
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

    /** Whether finding the batch that holds {@code offset} and lending so many bytes from there will not wait for a disk. */
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

    /** The first batch that reaches {@code offset}, null if there is none below {@code limit}. */
    @Nullable
    public HeaderCursor seek(long offset, int limit) {
        return lookup.seek(offset, limit);
    }

    /** The first batch from {@code fromOffset} on whose maximum timestamp is at or after {@code timestamp}. */
    @Nullable
    public HeaderCursor seekTimestamp(long timestamp, long fromOffset) {
        return lookup.seekTimestamp(timestamp, fromOffset);
    }

    /** Its largest timestamp. */
    public MaxTimestamp max() {
        SegmentEnd now = end;
        if (now.max() != null) {
            return now.max();
        }
        MaxTimestamp fromIndex = lookup.entry(TimeIndex::last);
        end = new SegmentEnd(now.position(), now.nextOffset(), now.lastBatch(), now.lastCrc(), fromIndex);
        return fromIndex;
    }

    /** Writes the index files for the batches before {@code upTo}. */
    public IndexFiles.Checksums checkpoint(SegmentEnd upTo) {
        return indexes.checkpoint(upTo);
    }

    /** Whether {@link #seal} was called, or it was never to be appended to. */
    public boolean isSealed() {
        return !indexes.isGrowing();
    }

    /** Nothing will be appended any more: writes the index files for good and lets go what appending needed. */
    public void seal() {
        indexes.seal(end);
        file.seal();
    }

    private boolean isRecent(int position, SegmentEnd now) {
        return indexes.isGrowing() && position >= Math.max(ownAppendsFrom, now.position() - RECENT_BYTES);
    }
}
