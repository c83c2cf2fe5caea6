package io.aeon.storage.compaction;

import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Groups the segments that compaction merges into one, so that small remainders do not stay separate. By Kafka's rules
 * a group has as many segments as fit into one segment with their batches, indexes and offsets. Stateless.
 */
final class SegmentGroups {
    private final SegmentConfig config;
    private final long end;

    /** @param end offset after the last record of all segments */
    SegmentGroups(SegmentConfig config, long end) {
        this.config = config;
        this.end = end;
    }

    List<List<Segment>> of(List<Segment> segments) {
        List<List<Segment>> groups = new ArrayList<>();
        List<Segment> group = new ArrayList<>();
        long bytes = 0;
        long indexBytes = 0;
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            long next = i + 1 < segments.size() ? segments.get(i + 1).baseOffset() : end;
            boolean fits = bytes + segment.size() <= config.segmentBytes()
                    && indexBytes + segment.indexBytes() <= config.indexMaxBytes()
                    && (group.isEmpty() || next - 1 - group.get(0).baseOffset() <= Integer.MAX_VALUE);
            if (!fits && !group.isEmpty()) {
                groups.add(group);
                group = new ArrayList<>();
                bytes = 0;
                indexBytes = 0;
            }
            group.add(segment);
            bytes += segment.size();
            indexBytes += segment.indexBytes();
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }
}
