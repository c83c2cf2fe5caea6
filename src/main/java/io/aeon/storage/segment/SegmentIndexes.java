package io.aeon.storage.segment;

import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.file.StorageException;
import java.lang.ref.SoftReference;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of one segment: on the heap while the segment grows, later in their files. Missing or invalid files are
 * rebuilt from the log. One writer for growing indexes; otherwise thread-safe.
 */
public final class SegmentIndexes {
    private static final int REBUILD_INTERVAL_BYTES = SegmentConfig.DEFAULT.indexIntervalBytes();

    private final long baseOffset;
    private final SegmentFile log;
    private final IndexFiles files;
    private volatile @Nullable SegmentIndex growing;
    private volatile SoftReference<@Nullable OffsetIndex> loaded = new SoftReference<>(null);

    /** @param growing the indexes of a growing segment, null for a sealed segment */
    SegmentIndexes(long baseOffset, SegmentFile log, IndexFiles files, @Nullable SegmentIndex growing) {
        this.baseOffset = baseOffset;
        this.log = log;
        this.files = files;
        this.growing = growing;
    }

    boolean isGrowing() {
        return growing != null;
    }

    SegmentIndex growing() {
        SegmentIndex index = growing;
        if (index == null) {
            throw new IllegalStateException(log.path() + " is sealed");
        }
        return index;
    }

    /** The offset index if no file read is needed, otherwise null. */
    @Nullable
    OffsetIndex offsetsInMemory() {
        SegmentIndex index = growing;
        return index != null ? index.offsets() : loaded.get();
    }

    OffsetIndex offsets(SegmentEnd end) {
        OffsetIndex offsets = offsetsInMemory();
        if (offsets != null) {
            return offsets;
        }
        offsets = files.readOffsets(end.position());
        if (offsets == null) {
            return rebuild(end).offsets();
        }
        loaded = new SoftReference<>(offsets);
        return offsets;
    }

    TimeIndex times(SegmentEnd end) {
        SegmentIndex index = growing;
        if (index != null) {
            return index.times();
        }
        TimeIndex times = files.readTimes();
        return times != null ? times : rebuild(end).times();
    }

    /** Bytes of the larger index, in memory or in its file. */
    long bytes() {
        SegmentIndex index = growing;
        return index != null
                ? Math.max(
                        (long) index.offsets().count() * OffsetIndex.ENTRY_BYTES,
                        (long) index.times().count() * TimeIndex.ENTRY_BYTES)
                : files.bytes();
    }

    IndexFiles.Checksums checkpoint(SegmentEnd upTo) {
        return files.write(growing(), upTo, false);
    }

    /** Writes the final files and releases the growing indexes. */
    void seal(SegmentEnd end) {
        SegmentIndex index = growing();
        files.write(index, end, true);
        loaded = new SoftReference<>(index.offsets());
        growing = null;
    }

    /**
     * Rebuilds the indexes from the log as far as its headers are valid; incomplete indexes are not written to files.
     */
    synchronized SegmentIndex rebuild(SegmentEnd end) {
        HeaderCursor cursor = new HeaderCursor(log, end.position());
        SegmentIndex fresh = new SegmentIndex(baseOffset);
        boolean whole = walk(cursor, fresh);
        loaded = new SoftReference<>(fresh.offsets());
        if (whole) {
            SegmentEnd seen = new SegmentEnd(end.position(), end.nextOffset(), -1, 0, fresh.max());
            keepIfPossible(fresh, seen);
        }
        return fresh;
    }

    /** If the files cannot be written, as on a full disk, the indexes are rebuilt at their next use. */
    private void keepIfPossible(SegmentIndex index, SegmentEnd end) {
        try {
            files.write(index, end, true);
        } catch (StorageException e) {
            return;
        }
    }

    /** The indexes of the first {@code size} bytes, built from the batch headers; null if a header is invalid. */
    public static @Nullable SegmentIndex walk(SegmentFile log, long baseOffset, int size) {
        SegmentIndex index = new SegmentIndex(baseOffset);
        return walk(new HeaderCursor(log, size), index) ? index : null;
    }

    private static boolean walk(HeaderCursor cursor, SegmentIndex index) {
        long lastOffset = -1;
        try {
            for (boolean found = cursor.moveTo(0); found; found = cursor.next()) {
                if (cursor.baseOffset() <= lastOffset) {
                    return false;
                }
                lastOffset = cursor.lastOffset();
                index.add(cursor.position(), cursor.size(), lastOffset, cursor.maxTimestamp(), REBUILD_INTERVAL_BYTES);
            }
            return true;
        } catch (DamagedLogException e) {
            return false;
        } finally {
            index.close();
        }
    }
}
