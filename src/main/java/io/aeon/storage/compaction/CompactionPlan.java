package io.aeon.storage.compaction;

import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.segment.Segment;
import java.util.List;

/**
 * Kafka's rules for the part of a log that may be compacted, and for the time of a pass. Stateless; may wait for a
 * disk.
 *
 * @param segments all segments of the log
 * @param cleanedTo end of the earlier passes
 * @param stableTo first offset whose record is not final: it belongs to an open transaction, is above the high
 *     watermark, or is in a segment that recovery would check
 */
record CompactionPlan(
        List<Segment> segments, long logStart, long cleanedTo, long stableTo, CompactionConfig config, long nowMs) {

    CompactionRange range() {
        long firstDirty = firstDirty();
        long end = segments.isEmpty() ? firstDirty : uncleanableFrom(firstDirty);
        return new CompactionRange(
                segments.isEmpty() ? logStart : segments.get(0).baseOffset(), firstDirty, Math.max(firstDirty, end));
    }

    /** A log that was truncated, or whose log start offset has moved, is dirty from its start. */
    private long firstDirty() {
        long logEnd = segments.isEmpty()
                ? logStart
                : segments.get(segments.size() - 1).end().nextOffset();
        return cleanedTo < logStart || cleanedTo > logEnd ? logStart : cleanedTo;
    }

    /** Base offset of the first segment that must not be compacted yet. */
    private long uncleanableFrom(long firstDirty) {
        int last = segments.size() - 1;
        for (int i = 0; i < last; i++) {
            Segment segment = segments.get(i);
            long next = segments.get(i + 1).baseOffset();
            if (next > stableTo || (next > firstDirty && isTooYoung(segment))) {
                return segment.baseOffset();
            }
        }
        return segments.get(last).baseOffset();
    }

    private boolean isTooYoung(Segment segment) {
        return config.minLagMs() > 0 && segment.max().timestamp() > nowMs - config.minLagMs();
    }

    CompactionNeed need() {
        CompactionRange range = range();
        if (range.end() <= range.firstDirty()) {
            return new CompactionNeed(0, oldEnoughAt(range));
        }
        long clean = bytes(range.start(), range.firstDirty());
        long dirty = bytes(range.firstDirty(), range.end());
        double ratio = dirty == 0 ? 0 : (double) dirty / (clean + dirty);
        long overdue = overdueAt(range);
        if (ratio > config.minDirtyRatio() || (dirty > 0 && overdue <= nowMs)) {
            return new CompactionNeed(ratio, CompactionNeed.NOW);
        }
        return new CompactionNeed(ratio, Math.min(dirty > 0 ? overdue : CompactionNeed.NEVER, oldEnoughAt(range)));
    }

    private long bytes(long from, long to) {
        long bytes = 0;
        for (int i = 0; i < segments.size() - 1 && segments.get(i).baseOffset() < to; i++) {
            if (segments.get(i + 1).baseOffset() > from) {
                bytes += segments.get(i).size();
            }
        }
        return bytes;
    }

    /** Time at which the oldest dirty record reaches its maximum lag. */
    private long overdueAt(CompactionRange range) {
        if (config.maxLagMs() == Long.MAX_VALUE) {
            return CompactionNeed.NEVER;
        }
        long oldest = Long.MAX_VALUE;
        for (int i = 0; i < segments.size() - 1 && segments.get(i).baseOffset() < range.end(); i++) {
            long timestamp = segments.get(i + 1).baseOffset() > range.firstDirty()
                    ? segments.get(i).age().firstTimestamp(segments.get(i).size())
                    : -1;
            oldest = timestamp > 0 ? Math.min(oldest, timestamp) : oldest;
        }
        return oldest >= Long.MAX_VALUE - config.maxLagMs() ? CompactionNeed.NEVER : oldest + config.maxLagMs() + 1;
    }

    /** Time of the next check: the first segment that is too young reaches its minimum lag then. */
    private long oldEnoughAt(CompactionRange range) {
        for (int i = 0; i < segments.size() - 1; i++) {
            Segment segment = segments.get(i);
            if (segment.baseOffset() >= range.end() && isTooYoung(segment)) {
                return segments.get(i + 1).baseOffset() <= stableTo
                        ? LogEnvironment.later(segment.max().timestamp(), config.minLagMs())
                        : CompactionNeed.NEVER;
            }
        }
        return CompactionNeed.NEVER;
    }
}
