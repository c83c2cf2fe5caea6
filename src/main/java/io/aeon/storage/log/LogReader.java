package io.aeon.storage.log;

import io.aeon.storage.batch.Damage;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.file.LogSlice;
import io.aeon.storage.file.SegmentRetiredException;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.Segments;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Finds batches in a log by offset, concurrently with the owner. Thread-safe. */
final class LogReader {
    private final Segments segments;
    private final LongSupplier logStartOffset;
    private final LongSupplier logEndOffset;
    private final Optional<Damage> damage;
    private volatile boolean closed;

    /** @param damage the reason for the log's quarantine, empty if the log is not in quarantine */
    LogReader(Segments segments, LongSupplier logStartOffset, LongSupplier logEndOffset, Optional<Damage> damage) {
        this.segments = segments;
        this.logStartOffset = logStartOffset;
        this.logEndOffset = logEndOffset;
        this.damage = damage;
    }

    /** Records after the damage are unknown, not absent. */
    void throwIfDamaged() {
        if (damage.isPresent()) {
            throw new DamagedLogException(damage.get());
        }
    }

    void close() {
        closed = true;
    }

    LogSlice read(long offset, int maxBytes, boolean atLeastOneBatch, long endOffset) {
        return untilSettled(() -> {
            long start = logStartOffset.getAsLong();
            long end = logEndOffset.getAsLong();
            if (offset >= end) {
                throwIfDamaged();
            }
            if (offset < start || offset > end) {
                throw new OffsetOutOfRangeException(offset, start, end);
            }
            if (offset >= Math.min(end, endOffset)) {
                return LogSlice.EMPTY;
            }
            for (Segment segment : segments.from(offset)) {
                LogSlice slice = segment.read(offset, maxBytes, atLeastOneBatch, endOffset);
                if (slice != null) {
                    return slice;
                }
            }
            return LogSlice.EMPTY;
        });
    }

    /** Offset after the last batch of the {@code bytes} bytes that start at the batch with {@code offset}. */
    long endOf(long offset, int bytes) {
        return untilSettled(() -> {
            for (Segment segment : segments.from(offset)) {
                HeaderCursor batch = segment.seek(offset, segment.size());
                if (batch != null) {
                    long stop = (long) batch.position() + bytes;
                    long end = batch.lastOffset() + 1;
                    while (batch.end() < stop && batch.next()) {
                        end = batch.lastOffset() + 1;
                    }
                    return end;
                }
            }
            return logEndOffset.getAsLong();
        });
    }

    boolean isHot(long offset, int maxBytes) {
        List<Segment> now = segments.from(offset);
        return now.isEmpty() || offset >= logEndOffset.getAsLong() || now.get(0).isHot(offset, maxBytes);
    }

    /** Retention may remove a segment during a read; a repeated lookup then uses the present segments. */
    <T> T untilSettled(Supplier<T> look) {
        while (true) {
            try {
                return look.get();
            } catch (SegmentRetiredException e) {
                if (closed) {
                    throw new LogClosedException("the log is closed: " + e.getMessage());
                }
            }
        }
    }
}
