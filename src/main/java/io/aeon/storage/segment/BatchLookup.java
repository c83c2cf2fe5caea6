package io.aeon.storage.segment;

import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.file.StorageException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds a segment's batches by offset, position and time. An index entry is only a hint: an index with an entry that
 * does not match the log is rebuilt from the log. Thread-safe.
 */
final class BatchLookup {
    private final SegmentFile file;
    private final SegmentIndexes indexes;
    private final Supplier<SegmentEnd> end;
    private final ReadPoints readers = new ReadPoints();

    /** @param end the segment's present end */
    BatchLookup(SegmentFile file, SegmentIndexes indexes, Supplier<SegmentEnd> end) {
        this.file = file;
        this.indexes = indexes;
        this.end = end;
    }

    /** The first batch whose last offset is at or above {@code offset}, null if there is none below {@code limit}. */
    @Nullable
    HeaderCursor seek(long offset, int limit) {
        HeaderCursor cursor = new HeaderCursor(file, limit);
        boolean found = moveToEntry(cursor, limit, index -> index.floor(offset));
        while (found && cursor.lastOffset() < offset) {
            found = cursor.next();
        }
        return found ? cursor : null;
    }

    /** The first batch from {@code fromOffset} on whose maximum timestamp is at or after {@code timestamp}. */
    @Nullable
    HeaderCursor seekTimestamp(long timestamp, long fromOffset) {
        HeaderCursor cursor = seek(
                Math.max(entry(times -> times.floor(timestamp)).offset(), fromOffset),
                end.get().position());
        boolean found = cursor != null;
        while (cursor != null && found && (cursor.maxTimestamp() < timestamp || cursor.isEmpty())) {
            found = cursor.next();
        }
        return found ? cursor : null;
    }

    /**
     * The end of the last batch that is below both {@code limit} and {@code endOffset}; never before {@code start} or
     * after {@code whole}.
     */
    int lastBoundary(int start, int limit, long endOffset, int whole) {
        HeaderCursor cursor = new HeaderCursor(file, whole);
        boolean found = moveToEntry(cursor, whole, index -> {
            OffsetIndex.Entry byOffset = index.floor(endOffset);
            OffsetIndex.Entry byPosition = index.floorOfPosition(limit);
            return byOffset.position() < byPosition.position() ? byOffset : byPosition;
        });
        if (found && cursor.position() < start) {
            found = cursor.moveTo(start);
        }
        while (found && cursor.end() <= limit && cursor.lastOffset() < endOffset) {
            found = cursor.next();
        }
        if (found) {
            readers.add(cursor.baseOffset(), cursor.position());
        }
        return cursor.position();
    }

    /** A reader has read all batches: its next read begins at the next appended batch. */
    void readTo(SegmentEnd reached) {
        readers.add(reached.nextOffset(), reached.position());
    }

    /**
     * Position of the batch with {@code offset} if a reader has read up to this batch; otherwise
     * {@link ReadPoints#UNKNOWN}.
     */
    int startAfterRead(long offset) {
        return readers.position(offset);
    }

    /** Uses an index entry only if its batch is there; otherwise rebuilds the index. */
    private boolean moveToEntry(HeaderCursor cursor, int limit, Function<OffsetIndex, OffsetIndex.Entry> lookup) {
        OffsetIndex.Entry entry = lookup.apply(indexes.offsets(end.get()));
        if (entry.lastOffset() < 0 || entry.position() >= limit) {
            return cursor.moveTo(entry.position());
        }
        if (isThere(cursor, entry)) {
            return true;
        }
        return cursor.moveTo(lookup.apply(indexes.rebuild(end.get()).offsets()).position());
    }

    private static boolean isThere(HeaderCursor cursor, OffsetIndex.Entry entry) {
        try {
            return cursor.moveTo(entry.position()) && cursor.lastOffset() == entry.lastOffset();
        } catch (StorageException e) {
            return false;
        }
    }

    /** Uses an index entry only if its batch has that timestamp; otherwise rebuilds the index. */
    MaxTimestamp entry(Function<TimeIndex, MaxTimestamp> lookup) {
        MaxTimestamp entry = lookup.apply(indexes.times(end.get()));
        if (entry.offset() < 0 || indexes.isGrowing()) {
            return entry;
        }
        HeaderCursor batch = seek(entry.offset(), end.get().position());
        boolean isThere =
                batch != null && batch.lastOffset() == entry.offset() && batch.maxTimestamp() == entry.timestamp();
        return isThere ? entry : lookup.apply(indexes.rebuild(end.get()).times());
    }
}
