package io.aeon.storage.log;

import io.aeon.storage.file.LogFiles;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentNames;
import io.aeon.storage.segment.Segments;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The state of a closed log that is known without opening it.
 *
 * @param earliestEpoch the first leader epoch with records, -1 if there is none
 * @param latestEpoch the latest leader epoch with records, -1 if there is none
 * @param sizeInBytes bytes in all segments
 * @param activeSegment base offset of the last segment, or of the next one if there is none; -1 if it is unknown
 * @param activeBytes bytes in the last segment; 0 if there is none
 * @param maintenanceDueMs when retention next has a segment to remove if nothing is appended and the settings do not
 *     change, in milliseconds since the epoch
 * @param highWatermark first offset that is not known to be on every in-sync replica, at most the log end offset
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

    /** The summary of a log without a directory. */
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

    /** Whether the log in {@code directory} still ends as summarized, as far as the size of its last segment shows. */
    public boolean matches(Path directory, LogFiles files) {
        Path last = SegmentNames.log(directory, activeSegment);
        try {
            return files.exists(last) ? files.size(last) == activeBytes : activeBytes == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
