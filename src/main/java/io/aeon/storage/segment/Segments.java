package io.aeon.storage.segment;

import io.aeon.storage.file.LogEnvironment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segments of one log in offset order. Changed by the log's owner, read by any thread. */
public final class Segments {
    private volatile List<Segment> all;

    /** @param all the segments, oldest first */
    public Segments(List<Segment> all) {
        this.all = List.copyOf(all);
    }

    /** A snapshot of the segments, oldest first. */
    public List<Segment> all() {
        return all;
    }

    /** The segment to which records are appended. */
    @Nullable
    public Segment last() {
        List<Segment> now = all;
        return now.isEmpty() ? null : now.get(now.size() - 1);
    }

    /** Appends a new segment with an empty file. */
    public Segment roll(LogDirectory directory, long baseOffset, LeaderEpochs epochs, LogEnvironment environment) {
        directory.ensureExists();
        Segment fresh = Segment.empty(directory.path(), baseOffset, epochs, environment);
        fresh.file().openForWriting();
        directory.changed();
        add(fresh);
        return fresh;
    }

    private void add(Segment segment) {
        List<Segment> more = new ArrayList<>(all);
        more.add(segment);
        all = List.copyOf(more);
    }

    /** Removes the oldest segments; the caller is responsible for their files. */
    public void removeFirst(int count) {
        all = List.copyOf(all.subList(count, all.size()));
    }

    /** Replaces all segments from index {@code first} on by {@code fresh}. */
    public void replaceFrom(int first, Segment fresh) {
        List<Segment> changed = new ArrayList<>(all.subList(0, first));
        changed.add(fresh);
        all = List.copyOf(changed);
    }

    /**
     * Replaces the adjacent segments {@code replaced} by {@code fresh}; returns false if one of them is no longer
     * there.
     */
    public boolean replace(List<Segment> replaced, Segment fresh) {
        int first = all.indexOf(replaced.get(0));
        if (first < 0
                || !all.subList(first, Math.min(all.size(), first + replaced.size()))
                        .equals(replaced)) {
            return false;
        }
        List<Segment> changed = new ArrayList<>(all);
        changed.subList(first, first + replaced.size()).clear();
        changed.add(first, fresh);
        all = List.copyOf(changed);
        return true;
    }

    /** The snapshot's segments from the one that contains {@code offset} on. */
    public List<Segment> from(long offset) {
        List<Segment> now = all;
        int low = 0;
        int high = now.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (now.get(middle).baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return now.subList(low, now.size());
    }

    /** Bytes of the whole batches in all segments. */
    public long sizeInBytes() {
        long bytes = 0;
        for (Segment segment : all) {
            bytes += segment.size();
        }
        return bytes;
    }
}
