package io.aeon.storage.segment;

import io.aeon.storage.batch.Damage;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.file.SegmentFile;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The ranges of one segment that are known to be valid: bytes that this process appended, recovered, or has read
 * before. All other bytes are checked by their CRC at the first read, so that disk damage becomes an error and never a
 * record. One check per byte costs a reader little; a check of all bytes at each start would make the start slow.
 * Thread-safe.
 */
final class SegmentTrust {
    /** Bytes that are checked together with one read. */
    private static final int LOOK_AHEAD = 256 << 10;

    /** With readers at more places than this, some bytes are checked again. */
    private static final int MAX_RANGES = 64;

    private final SegmentFile file;
    private final LeaderEpochs epochs;
    /** Ends of the ranges by their starts; no two ranges touch. */
    private final NavigableMap<Integer, Integer> ranges = new TreeMap<>();

    SegmentTrust(SegmentFile file, LeaderEpochs epochs) {
        this.file = file;
        this.epochs = epochs;
    }

    synchronized boolean covers(int from, int to) {
        Map.Entry<Integer, Integer> range = ranges.floorEntry(from);
        return range != null && range.getValue() >= to;
    }

    synchronized void add(int from, int to) {
        int start = from;
        int end = to;
        Map.Entry<Integer, Integer> before = ranges.floorEntry(from);
        if (before != null && before.getValue() >= from) {
            start = before.getKey();
        }
        Map<Integer, Integer> touched = ranges.subMap(start, true, to, true);
        for (int each : touched.values()) {
            end = Math.max(end, each);
        }
        touched.clear();
        ranges.put(start, end);
        if (ranges.size() > MAX_RANGES) {
            ranges.pollFirstEntry();
        }
    }

    /** Forgets all ranges, after a failed read. */
    synchronized void doubt() {
        ranges.clear();
    }

    /**
     * Checks the batches from {@code from} to at least {@code least}. Returns the segment's end, or the position of
     * damage if there is damage before {@code wanted}. May wait for a disk unless {@link #covers} is true.
     *
     * @throws DamagedLogException there is damage before {@code least}
     */
    int require(OffsetIndex.Entry from, int least, int wanted, long baseOffset, SegmentEnd end) {
        if (covers(from.position(), wanted)) {
            return end.position();
        }
        int until = Math.min(end.position(), Math.max(wanted, from.position() + LOOK_AHEAD));
        BatchCheck check = new BatchCheck(file, end.position(), end.nextOffset(), epochs, Long.MAX_VALUE);
        int at = from.position();
        long next = at == 0 ? baseOffset : Damage.UNKNOWN;
        String wrong = null;
        while (at < until && wrong == null) {
            wrong = check.wrong(at, next);
            if (wrong == null) {
                at += (int) check.batch().size();
                next = check.batch().lastOffset() + 1;
            }
        }
        if (at > from.position()) {
            add(from.position(), at);
        }
        if (wrong != null && at < least) {
            throw new DamagedLogException(new Damage(file.path(), at, next, wrong));
        }
        return wrong == null ? end.position() : at;
    }
}
