package io.aeon.storage.segment;

import io.aeon.storage.file.LogEnvironment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The segments of one log in the order of their offsets. Changed by the log's owner, read by any thread. */
public final class Segments {
    private volatile List<Segment> all;

    /** @param all oldest first */
    public Segments(List<Segment> all) {
        this.all = List.copyOf(all);
    }

    /** A snapshot, oldest first. */
    public List<Segment> all() {
        return all;
    }

    /** The one that is appended to. */
    @Nullable
    public Segment last() {
        List<Segment> now = all;
        return now.isEmpty() ? null : now.get(now.size() - 1);
    }

    /** Begins a new segment, with a file. */
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

    /** Takes the oldest out; what becomes of their files is the caller's. */
    public void removeFirst(int count) {
        all = List.copyOf(all.subList(count, all.size()));
    }

    /** Puts {@code fresh} in the place of all from {@code first} on. */
    public void replaceFrom(int first, Segment fresh) {
        List<Segment> changed = new ArrayList<>(all.subList(0, first));
        changed.add(fresh);
        all = List.copyOf(changed);
    }

    /** Puts {@code fresh} in the place of {@code replaced}, which follow each other; false if not all are there any more. */
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

    /** The snapshot's segments from the one in which {@code offset} lies. */
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

    /** Bytes of whole batches in all. */
    public long sizeInBytes() {
        long bytes = 0;
        for (Segment segment : all) {
            bytes += segment.size();
        }
        return bytes;
    }
}
