package io.aeon.storage.log;

import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.segment.MaxTimestamp;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.Segments;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Finds batches in a log by time, concurrently with the owner. Thread-safe.
 *
 * <p>The methods throw {@link io.aeon.storage.batch.DamagedLogException} if the batch may be behind damage.
 */
public final class LogTimes {
    private final LogReader reader;
    private final Segments segments;
    private final LongSupplier logStartOffset;

    LogTimes(LogReader reader, Segments segments, LongSupplier logStartOffset) {
        this.reader = reader;
        this.segments = segments;
        this.logStartOffset = logStartOffset;
    }

    /**
     * The first batch whose maximum timestamp is at or after {@code timestamp}, if it is below {@code endOffset}. It
     * may begin below {@code fromOffset} and the log start offset, but ends above both. May wait for a disk.
     */
    public Optional<TimestampOffset> firstAtOrAfter(long timestamp, long fromOffset, long endOffset) {
        return reader.untilSettled(() -> {
            long start = Math.max(logStartOffset.getAsLong(), fromOffset);
            for (Segment segment : segments.from(start)) {
                HeaderCursor batch =
                        segment.max().timestamp() < timestamp ? null : segment.seekTimestamp(timestamp, start);
                if (batch != null) {
                    return Optional.of(found(batch)).filter(first -> first.offset() < endOffset);
                }
            }
            reader.throwIfDamaged();
            return Optional.empty();
        });
    }

    /**
     * The first batch with the largest timestamp among those that end above {@code fromOffset} and the log start offset
     * (KIP-734), empty if no batch has a timestamp. May wait for a disk.
     */
    public Optional<TimestampOffset> maxTimestamp(long fromOffset) {
        reader.throwIfDamaged();
        return reader.untilSettled(() -> {
            long start = Math.max(logStartOffset.getAsLong(), fromOffset);
            MaxTimestamp max = MaxTimestamp.NONE;
            Optional<TimestampOffset> latest = Optional.empty();
            for (Segment segment : segments.from(start)) {
                MaxTimestamp ofSegment = segment.baseOffset() < start ? maxFrom(start, segment) : segment.max();
                if (ofSegment.timestamp() > max.timestamp()) {
                    max = ofSegment;
                    latest = Optional.ofNullable(segment.seek(max.offset(), segment.size()))
                            .map(LogTimes::found);
                }
            }
            return latest;
        });
    }

    /** A segment's index does not know which records were deleted. */
    private static MaxTimestamp maxFrom(long start, Segment segment) {
        MaxTimestamp max = MaxTimestamp.NONE;
        HeaderCursor batch = segment.seek(start, segment.size());
        for (boolean more = batch != null; batch != null && more; more = batch.next()) {
            if (batch.maxTimestamp() > max.timestamp()) {
                max = new MaxTimestamp(batch.maxTimestamp(), batch.lastOffset());
            }
        }
        return max;
    }

    private static TimestampOffset found(HeaderCursor batch) {
        return new TimestampOffset(batch.maxTimestamp(), batch.baseOffset(), batch.leaderEpoch());
    }
}
