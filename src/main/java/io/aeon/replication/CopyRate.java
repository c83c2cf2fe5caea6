package io.aeon.replication;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.stats.SimpleRate;

/**
 * The rate at which replicas are copied, by Kafka's own measure over the last seconds, and its limit (KIP-73).
 * Thread-safe.
 */
public final class CopyRate {
    /** There is no limit. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    private final MetricConfig windows;
    private final LongSupplier limit;
    private final LongSupplier clock;
    private final SimpleRate rate = new SimpleRate();

    /**
     * @param samples number of windows
     * @param windowSeconds length of a window
     * @param limit bytes per second; may change
     * @param clock milliseconds, never going back
     */
    public CopyRate(int samples, int windowSeconds, LongSupplier limit, LongSupplier clock) {
        this.windows = new MetricConfig().samples(samples).timeWindow(windowSeconds, TimeUnit.SECONDS);
        this.limit = limit;
        this.clock = clock;
    }

    public boolean isLimited() {
        return limit.getAsLong() != UNLIMITED;
    }

    /** Counts bytes that were copied. */
    public void copied(long bytes) {
        if (isLimited()) {
            synchronized (this) {
                rate.record(windows, (double) bytes, clock.getAsLong());
            }
        }
    }

    /** Whether more bytes than allowed were copied; copying goes on when this has changed. */
    public boolean isExceeded() {
        long most = limit.getAsLong();
        if (most == UNLIMITED) {
            return false;
        }
        synchronized (this) {
            return rate.measure(windows, clock.getAsLong()) > (double) most;
        }
    }
}
