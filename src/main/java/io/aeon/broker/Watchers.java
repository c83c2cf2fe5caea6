package io.aeon.broker;

import io.aeon.broker.PartitionCommand.Watch;
import java.util.ArrayList;
import java.util.List;

/** Who waits for one partition to change. Not thread-safe. */
final class Watchers {
    private List<Watch> waiting = new ArrayList<>(0);

    /** Wakes the watcher now if the partition is not as it saw it, otherwise keeps it until it is not. */
    void add(Watch watch, long highWatermark, long logStartOffset) {
        if (differs(watch, highWatermark, logStartOffset)) {
            watch.watcher().wake();
            return;
        }
        waiting.removeIf(each -> each.watcher().done());
        waiting.add(watch);
    }

    /** Wakes those who saw another high watermark or log start. */
    void changed(long highWatermark, long logStartOffset) {
        if (waiting.isEmpty()) {
            return;
        }
        List<Watch> before = waiting;
        waiting = new ArrayList<>(0);
        for (Watch watch : before) {
            if (differs(watch, highWatermark, logStartOffset)) {
                watch.watcher().wake();
            } else {
                waiting.add(watch);
            }
        }
    }

    void wakeAll() {
        takeAll().forEach(watch -> watch.watcher().wake());
    }

    /** Hands those who wait over to somebody else. */
    List<Watch> takeAll() {
        List<Watch> before = waiting;
        waiting = new ArrayList<>(0);
        return before;
    }

    private static boolean differs(Watch watch, long highWatermark, long logStartOffset) {
        return watch.highWatermark() != highWatermark || watch.logStartOffset() != logStartOffset;
    }
}
