package io.aeon.storage.log;

import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.Segment;
import java.io.IOException;
import java.util.List;

/** Kafka's rules of which segments have had their time. Stateless. */
final class Retention {
    private final LogConfig config;
    private final LogEnvironment environment;

    Retention(LogConfig config, LogEnvironment environment) {
        this.config = config;
        this.environment = environment;
    }

    /** How many of the oldest segments go; all of them if even the active one is past its time. */
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

    /** When there will be a segment that goes if nothing is appended, {@link Long#MAX_VALUE} for never. */
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
        long due = lastRecordTime(segments.get(0), now) + config.retentionMs() + 1;
        return due < 0 ? Long.MAX_VALUE : due;
    }

    private boolean tooOld(Segment segment, long now) {
        return config.retentionMs() >= 0 && now - lastRecordTime(segment, now) > config.retentionMs();
    }

    /** A timestamp from too far in the future says nothing of a record's age; when the file was written does. */
    private long lastRecordTime(Segment segment, long now) {
        long timestamp = segment.max().timestamp();
        if (timestamp >= 0 && timestamp - now <= config.messageTimestampAfterMaxMs()) {
            return timestamp;
        }
        try {
            return environment.files().lastModified(segment.file().path());
        } catch (IOException e) {
            throw new StorageException("cannot stat " + segment.file().path() + ": " + e.getMessage(), e);
        }
    }
}
