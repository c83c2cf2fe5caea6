package io.aeon.embedded;

import io.aeon.control.BrokerClock;
import io.aeon.coordinator.Now;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The wall clock and the monotonic clock of a broker, which a test moves and stops together. Thread-safe. */
final class MovableClock extends Clock implements BrokerClock {
    private final Runnable onMoved;
    private volatile State state = new State(0, 0, null);

    /**
     * @param epochAheadMs how much the wall clock is ahead of the machine's
     * @param elapsedAheadMs the same for the monotonic clock
     * @param stoppedAt null while the clocks run
     */
    private record State(
            long epochAheadMs,
            long elapsedAheadMs,
            @Nullable Now stoppedAt) {
        Now now() {
            Now machine = machine();
            return stoppedAt == null
                    ? new Now(machine.epochMs() + epochAheadMs, machine.elapsedMs() + elapsedAheadMs)
                    : stoppedAt;
        }
    }

    /** @param onMoved called after the clock was moved */
    MovableClock(Runnable onMoved) {
        this.onMoved = onMoved;
    }

    /** The machine's clocks. */
    static Now machine() {
        return new Now(System.currentTimeMillis(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    /** Both clocks. */
    Now read() {
        return state.now();
    }

    @Override
    public Instant now() {
        return instant();
    }

    @Override
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("the clock moves forward only, and not by " + time);
        }
        move(time.toMillis());
        onMoved.run();
    }

    private synchronized void move(long ms) {
        State old = state;
        Now stopped = old.stoppedAt();
        state = new State(
                old.epochAheadMs() + ms,
                old.elapsedAheadMs() + ms,
                stopped == null ? null : new Now(stopped.epochMs() + ms, stopped.elapsedMs() + ms));
    }

    @Override
    public synchronized void freeze() {
        State old = state;
        state = new State(old.epochAheadMs(), old.elapsedAheadMs(), old.now());
    }

    @Override
    public synchronized void unfreeze() {
        Now stopped = state.now();
        Now machine = machine();
        state = new State(stopped.epochMs() - machine.epochMs(), stopped.elapsedMs() - machine.elapsedMs(), null);
    }

    @Override
    public long millis() {
        return read().epochMs();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the broker has no time zone");
    }
}
