package io.aeon.console;

import io.aeon.broker.Timer;
import io.aeon.console.Traffic.Rates;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The traffic of the last hour, a point for every ten seconds: some ten KB, and a task without a thread of its own. */
final class History implements AutoCloseable {
    private static final Duration STEP = Duration.ofSeconds(10);
    private static final int MOST = 360;

    private final Supplier<Traffic> traffic;
    private final Timer timer;
    private final LongSupplier nanoClock;
    private final Deque<Rates> points = new ArrayDeque<>();
    private Traffic before;
    private long beforeNanos;
    private boolean isClosed;
    private Timer.Cancellation next = () -> {};

    /** Takes points from now on, at times that {@code timer} tells. */
    History(Supplier<Traffic> traffic, Timer timer, LongSupplier nanoClock) {
        this.traffic = traffic;
        this.timer = timer;
        this.nanoClock = nanoClock;
        this.before = traffic.get();
        this.beforeNanos = nanoClock.getAsLong();
        next = timer.after(STEP, this::take);
    }

    private synchronized void take() {
        if (isClosed) {
            return;
        }
        Traffic now = traffic.get();
        long nanos = nanoClock.getAsLong();
        points.add(now.since(before, Math.max(1, nanos - beforeNanos) / 1e9));
        if (points.size() > MOST) {
            points.remove();
        }
        before = now;
        beforeNanos = nanos;
        next = timer.after(STEP, this::take);
    }

    /** The rates of each step, the latest one last. */
    synchronized List<Rates> points() {
        return List.copyOf(points);
    }

    static long stepMs() {
        return STEP.toMillis();
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        next.cancel();
    }
}
