package io.aeon.coordinator;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The part of the heap that all groups, or all transactional ids, may take. Beyond it no state machine is created and
 * none grows; what exists goes on. The sizes are estimates. Thread-safe.
 */
public final class HeapShare {
    private static final long BETWEEN_REPORTS_NANOS = Duration.ofMinutes(1).toNanos();

    private final long most;
    private final LongSupplier nanoTime;
    private final LongConsumer report;
    private final AtomicLong used = new AtomicLong();
    private long refused;
    private long lastReport;

    /**
     * @param most bytes of heap
     * @param nanoTime a monotonic clock in nanoseconds
     * @param report receives the number of refusals since the last report, at the first one and then at most once a
     *     minute
     */
    public HeapShare(long most, LongSupplier nanoTime, LongConsumer report) {
        this.most = most;
        this.nanoTime = nanoTime;
        this.report = report;
        this.lastReport = nanoTime.getAsLong() - BETWEEN_REPORTS_NANOS;
    }

    /** A share without a limit. */
    public static HeapShare unlimited() {
        return new HeapShare(Long.MAX_VALUE, () -> 0, refused -> {});
    }

    /** Whether something may be created or may grow now; otherwise the caller refuses it. */
    public boolean admits() {
        if (used.get() < most) {
            return true;
        }
        refuse();
        return false;
    }

    private synchronized void refuse() {
        refused++;
        long now = nanoTime.getAsLong();
        if (now - lastReport >= BETWEEN_REPORTS_NANOS) {
            report.accept(refused);
            lastReport = now;
            refused = 0;
        }
    }

    /** The bytes that all parts take. */
    public long used() {
        return used.get();
    }

    /** A new part of this share, empty. */
    public Part part() {
        return new Part();
    }

    /** What one state machine takes, or several. Used by one thread at a time. */
    public final class Part {
        private long bytes;

        private Part() {}

        /** The size is this many bytes now. */
        public void is(long size) {
            used.addAndGet(size - bytes);
            bytes = size;
        }

        /** The size has changed by this many bytes. */
        public void grows(long size) {
            is(bytes + size);
        }
    }
}
