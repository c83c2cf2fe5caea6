package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.broker.partition.PartitionCommand.Watch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The watches of one partition. A change costs only those that it ends, however many others wait for more bytes. Not
 * thread-safe.
 */
public final class Watchers {
    private static final int FEW = 32;

    private final Growth growth;
    private final Map<Isolation, PriorityQueue<Waiting>> waiting = new EnumMap<>(Isolation.class);
    private Extent extent;
    private int size;
    private int sizeToClean = FEW;

    /** A watch that ends when the readable range has grown to this number of bytes. */
    private record Waiting(long bytes, Watch watch) {}

    /** @param growth of the partition; its readable range is kept up to date from now on */
    public Watchers(Growth growth, Extent extent) {
        this.growth = growth;
        this.extent = extent;
    }

    /** Keeps the watch, or wakes its watcher now if the partition has changed enough since the reader saw it. */
    public void add(Watch watch, Extent present) {
        changed(present);
        long end = present.end(watch.isolation());
        boolean isAsSeen = watch.endOffset() == end;
        if (watch.logStartOffset() != present.logStartOffset()
                || end < watch.endOffset()
                || (!isAsSeen && growth.since(watch.mark(), watch.isolation()) >= watch.bytes())) {
            watch.watcher().wake();
            return;
        }
        if (size >= sizeToClean) {
            forgetCancelled();
        }
        long from =
                isAsSeen ? growth.mark(watch.isolation()).bytes() : watch.mark().bytes();
        waiting.computeIfAbsent(
                        watch.isolation(), any -> new PriorityQueue<>(2, Comparator.comparingLong(Waiting::bytes)))
                .add(new Waiting(end(from, watch.bytes()), watch));
        size++;
    }

    /** Whatever moves the end of the range is at least one byte. */
    private static long end(long from, long bytes) {
        if (bytes == 1) {
            return from;
        }
        return from > Long.MAX_VALUE - bytes ? Long.MAX_VALUE : from + bytes;
    }

    private void forgetCancelled() {
        waiting.values()
                .forEach(each -> each.removeIf(one -> one.watch().watcher().isCancelled()));
        size = waiting.values().stream().mapToInt(PriorityQueue::size).sum();
        sizeToClean = Math.max(FEW, 2 * size);
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Wakes the watchers that have waited for this change. */
    public void changed(Extent present) {
        Extent before = extent;
        extent = present;
        growth.readable(present);
        if (size == 0 || before.equals(present)) {
            return;
        }
        if (before.logStartOffset() != present.logStartOffset()) {
            wakeAll();
            return;
        }
        List<Watcher> woken = new ArrayList<>();
        waiting.forEach((isolation, watches) -> {
            long seen = before.end(isolation);
            long end = present.end(isolation);
            if (end != seen) {
                take(watches, end < seen ? Long.MAX_VALUE : growth.readableBytes(isolation), woken);
            }
        });
        if (!woken.isEmpty()) {
            Watcher.wakeAll(woken);
        }
    }

    private void take(PriorityQueue<Waiting> watches, long bytes, List<Watcher> taken) {
        for (Waiting first = watches.peek(); first != null && first.bytes() <= bytes; first = watches.peek()) {
            taken.add(watches.remove().watch().watcher());
            size--;
        }
    }

    public void wakeAll() {
        Watcher.wakeAll(takeAll().stream().map(Watch::watcher).toList());
    }

    /** Removes and returns all watches. */
    public List<Watch> takeAll() {
        List<Watch> taken = new ArrayList<>(size);
        waiting.values().forEach(watches -> watches.forEach(each -> taken.add(each.watch())));
        waiting.clear();
        size = 0;
        return taken;
    }
}
