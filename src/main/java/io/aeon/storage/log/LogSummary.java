package io.aeon.storage.log;

import io.aeon.storage.file.LogFiles;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentNames;
import io.aeon.storage.segment.Segments;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What can be told of a closed log without opening it.
 *
 * @param earliestEpoch the first leader epoch that has records, -1 if none
 * @param latestEpoch the latest one, -1 if none
 * @param sizeInBytes bytes in all segments
 * @param activeSegment base offset of the last segment, of the next one if there is none, -1 if nobody has looked
 * @param activeBytes bytes in that one; 0 also when there is none
 * @param maintenanceDueMs when retention will find something to do if nothing is appended, in milliseconds since the
 *     epoch; as long as the log's settings stay
 * @param highWatermark first offset that was not known to be on every in-sync replica, the log end offset at most
 */
public record LogSummary(
        long logStartOffset,
        long logEndOffset,
        int earliestEpoch,
        int latestEpoch,
        long sizeInBytes,
        long activeSegment,
        int activeBytes,
        long maintenanceDueMs,
        long highWatermark) {

    /** Of a log that has no directory. */
    public static final LogSummary EMPTY = new LogSummary(0, 0, -1, -1, 0, -1, 0, Long.MAX_VALUE, 0);

    static LogSummary of(
            Segments segments, LeaderEpochs epochs, long logStartOffset, long maintenanceDueMs, long highWatermark) {
        Segment last = segments.last();
        return new LogSummary(
                logStartOffset,
                last == null ? logStartOffset : last.end().nextOffset(),
                epochs.earliest(),
                epochs.latest(),
                segments.sizeInBytes(),
                last == null ? logStartOffset : last.baseOffset(),
                last == null ? 0 : last.size(),
                maintenanceDueMs,
                highWatermark);
    }

    /** Whether the log in {@code directory} still ends where this says, as far as one look can tell. */
    public boolean matches(Path directory, LogFiles files) {
        Path last = SegmentNames.log(directory, activeSegment);
        try {
            return files.exists(last) ? files.size(last) == activeBytes : activeBytes == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
