package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Watch;
import java.util.ArrayList;
import java.util.List;

/** The watches of one partition. Not thread-safe. */
public final class Watchers {
    private List<Watch> waiting = new ArrayList<>(0);

    /**
     * Wakes the watcher now if the partition has changed since the reader saw it; otherwise keeps the watch until it
     * changes.
     */
    public void add(Watch watch, Extent extent) {
        if (differs(watch, extent)) {
            watch.watcher().wake();
            return;
        }
        waiting.removeIf(each -> each.watcher().isDone());
        waiting.add(watch);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Wakes the watchers that saw a different extent. */
    void changed(Extent extent) {
        List<Watch> before = waiting;
        List<Watcher> woken = new ArrayList<>(before.size());
        waiting = new ArrayList<>(0);
        for (Watch watch : before) {
            if (differs(watch, extent)) {
                woken.add(watch.watcher());
            } else {
                waiting.add(watch);
            }
        }
        Watcher.wakeAll(woken);
    }

    void wakeAll() {
        Watcher.wakeAll(takeAll().stream().map(Watch::watcher).toList());
    }

    /** Removes and returns all watches. */
    public List<Watch> takeAll() {
        List<Watch> before = waiting;
        waiting = new ArrayList<>(0);
        return before;
    }

    private static boolean differs(Watch watch, Extent extent) {
        return watch.endOffset() != extent.end(watch.isolation()) || watch.logStartOffset() != extent.logStartOffset();
    }
}
