package io.aeon.storage.log;

import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.Segment;
import java.io.IOException;
import java.util.List;

/** Kafka's rules for the segments whose retention time or size limit has passed. Stateless. */
final class Retention {
    private final LogConfig config;
    private final LogEnvironment environment;

    Retention(LogConfig config, LogEnvironment environment) {
        this.config = config;
        this.environment = environment;
    }

    /** Number of oldest segments to remove; it includes the active segment if that is past its time. */
    int expired(List<Segment> segments, long logStartOffset, long highWatermark) {
        long now = environment.clock().millis();
        long excess = -1;
        if (config.retentionBytes() >= 0) {
            excess = segments.stream().mapToLong(Segment::size).sum() - config.retentionBytes();
        }
        int count = 0;
        for (Segment segment : segments) {
            boolean last = count == segments.size() - 1;
            long upperBound =
                    last ? segment.end().nextOffset() : segments.get(count + 1).baseOffset();
            boolean belowStart = !last && upperBound <= logStartOffset;
            boolean tooMuch = excess >= segment.size();
            boolean empty = last && segment.size() == 0;
            if (highWatermark < upperBound
                    || empty
                    || !(belowStart || (config.deletes() && (tooMuch || tooOld(segment, now))))) {
                break;
            }
            excess -= segment.size();
            count++;
        }
        return count;
    }

    /** When the next segment must be removed if nothing is appended, {@link Long#MAX_VALUE} for never. */
    long dueMs(List<Segment> segments, long logStartOffset, long highWatermark) {
        long now = environment.clock().millis();
        if (expired(segments, logStartOffset, highWatermark) > 0) {
            return now;
        }
        boolean nothingToGo =
                segments.isEmpty() || (segments.size() == 1 && segments.get(0).size() == 0);
        if (nothingToGo || !config.deletes() || config.retentionMs() < 0) {
            return Long.MAX_VALUE;
        }
        long kept = LogEnvironment.later(lastRecordTime(segments.get(0), now), config.retentionMs());
        return LogEnvironment.later(kept, 1);
    }

    private boolean tooOld(Segment segment, long now) {
        return config.retentionMs() >= 0 && now - lastRecordTime(segment, now) > config.retentionMs();
    }

    /** A timestamp too far in the future does not show a record's age; the file's modification time is used instead. */
    private long lastRecordTime(Segment segment, long now) {
        long timestamp = segment.max().timestamp();
        if (timestamp >= 0 && timestamp - now <= config.messageTimestampAfterMaxMs()) {
            return timestamp;
        }
        try {
            return environment.files().lastModified(segment.file().path());
        } catch (IOException e) {
            throw StorageException.of("cannot stat " + segment.file().path(), e);
        }
    }
}
