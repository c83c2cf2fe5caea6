package io.aeon.storage.segment;

import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.file.SegmentFile;
import java.nio.file.Path;
import java.time.Clock;

/** The age of one segment, by its first timestamp or otherwise by the clock. For any thread. */
public final class SegmentAge {
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final SegmentFile file;
    private final Clock clock;
    private final long openedAt;
    private final long mixed;
    private volatile long firstTimestamp = UNKNOWN;

    /** @param log the segment's final file name */
    SegmentAge(SegmentFile file, Path log, Clock clock) {
        this.file = file;
        this.clock = clock;
        this.openedAt = clock.millis();
        this.mixed = log.hashCode() * 0x9e3779b97f4a7c15L;
    }

    /** The segment's first batch was appended. */
    void begin(long timestamp) {
        firstTimestamp = timestamp;
    }

    /**
     * Timestamp of the first batch in milliseconds since the epoch, -1 if it has none.
     *
     * @param size bytes of the whole batches
     */
    public long firstTimestamp(int size) {
        if (firstTimestamp == UNKNOWN) {
            HeaderCursor cursor = new HeaderCursor(file, size);
            firstTimestamp = cursor.moveTo(0) ? cursor.maxTimestamp() : -1;
        }
        return firstTimestamp;
    }

    /** Whether the segment must be rolled before a record with {@code timestamp} is appended. */
    boolean isPast(long timestamp, int size, SegmentConfig config) {
        long first = firstTimestamp(size);
        return (first >= 0 ? timestamp - first : clock.millis() - openedAt) > rollMs(config);
    }

    /** Whether the segment must be rolled although nothing is appended; timestamps in the future do not count. */
    public boolean isPast(int size, SegmentConfig config) {
        long now = clock.millis();
        long first = firstTimestamp(size);
        return now - (first >= 0 && first <= now ? first : openedAt) > rollMs(config);
    }

    /** Each segment has its own jitter, so that not all logs roll at the same time. */
    private long rollMs(SegmentConfig config) {
        long most = Math.min(config.segmentJitterMs(), config.segmentMs());
        return config.segmentMs() - (most > 0 ? (mixed >>> 1) % most : 0);
    }
}
