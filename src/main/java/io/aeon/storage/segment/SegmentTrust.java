package io.aeon.storage.segment;

import io.aeon.storage.batch.Damage;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.file.SegmentFile;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which bytes of one segment are known to be what was once written: those this process appended or recovered, and those
 * somebody has read before. Everything else is checked by its CRC when it is first read, so that what a disk has spoilt
 * meanwhile is an error and never a record; a look at each byte once costs a reader little, a look at each start would
 * cost the start much. Thread-safe.
 */
final class SegmentTrust {
    /** Bytes that are read together cost one look. */
    private static final int LOOK_AHEAD = 256 << 10;

    /** Readers at more places than this have some bytes checked again. */
    private static final int MAX_RANGES = 64;

    private final SegmentFile file;
    private final LeaderEpochs epochs;
    /** Ends of the ranges by their starts; no two touch. */
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

    /** A read has failed: nothing is known any more. */
    synchronized void doubt() {
        ranges.clear();
    }

    /**
     * Sees that all is whole from {@code from}, where a batch begins, to {@code least}. Returns the segment's end, or the
     * place of damage that lies before {@code wanted}. May wait for a disk if {@link #covers} says no.
     *
     * @throws DamagedLogException it is not
     */
    int require(OffsetIndex.Entry from, int least, int wanted, long baseOffset, SegmentEnd end) {
        if (covers(from.position(), wanted)) {
            return end.position();
        }
        int until = Math.min(end.position(), Math.max(wanted, from.position() + LOOK_AHEAD));
        BatchCheck check = new BatchCheck(file, end.position(), end.nextOffset(), epochs);
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
