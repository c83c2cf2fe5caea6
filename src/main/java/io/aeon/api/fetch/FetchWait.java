package io.aeon.api.fetch;

import io.aeon.api.ClientConnection;
import io.aeon.broker.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a fetch waits, and who goes on with it: whoever takes its turn, which it gives away when it has nothing to
 * do. Thread-safe.
 */
final class FetchWait {
    /** Longer than a busy disk takes to open a partition. Two of these at most pass, and clients wait 30 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Timer timer;
    private final Runnable over;
    private final Runnable late;
    private Timer.@Nullable Cancellation alarm;
    private ClientConnection.@Nullable Registration connectionEnd;
    private boolean turnGiven;
    private boolean expired;
    private boolean abandoned;
    private boolean isLate;
    private boolean ended;

    /**
     * @param over goes on with the fetch, whose turn was given away, when the wait is over
     * @param late runs {@link #PATIENCE} after the wait is over, and again after each further one, until the fetch has
     *     ended
     */
    FetchWait(Timer timer, Runnable over, Runnable late) {
        this.timer = timer;
        this.over = over;
        this.late = late;
    }

    /** @param maxWaitMs the wait is over after that, or when the connection ends; 0 for no wait */
    void begin(int maxWaitMs, ClientConnection connection) {
        if (maxWaitMs <= 0) {
            expired = true;
            wakeAfter(PATIENCE, this::beLate);
        } else {
            wakeAfter(Duration.ofMillis(maxWaitMs), this::expire);
            connectionEnd = connection.onEnd(this::abandon);
        }
    }

    /** Whether the fetch may wait for more records. */
    synchronized boolean isOver() {
        return expired;
    }

    /** Whether the client has gone: it needs no records. */
    synchronized boolean isAbandoned() {
        return abandoned;
    }

    /** Whether the wait has been over for so long that nothing more should be begun. */
    synchronized boolean isLate() {
        return isLate;
    }

    /** Lets the next caller of {@link #takeTurn}, or the end of the wait, go on with the fetch. */
    void giveTurn() {
        boolean overdue;
        synchronized (this) {
            turnGiven = true;
            overdue = expired;
        }
        if (overdue) {
            goOn();
        }
    }

    /** True for one caller after each {@link #giveTurn}: it is the one that goes on. */
    synchronized boolean takeTurn() {
        boolean mine = turnGiven;
        turnGiven = false;
        return mine;
    }

    /** The fetch is answered: nothing runs any more. */
    synchronized void end() {
        ended = true;
        if (alarm != null) {
            alarm.cancel();
        }
        if (connectionEnd != null) {
            connectionEnd.cancel();
        }
    }

    private void abandon() {
        synchronized (this) {
            abandoned = true;
        }
        expire();
    }

    private void expire() {
        synchronized (this) {
            expired = true;
        }
        wakeAfter(PATIENCE, this::beLate);
        goOn();
    }

    private void goOn() {
        if (takeTurn()) {
            over.run();
        }
    }

    private void beLate() {
        synchronized (this) {
            isLate = true;
        }
        wakeAfter(PATIENCE, this::beLate);
        late.run();
    }

    private synchronized void wakeAfter(Duration delay, Runnable task) {
        if (alarm != null) {
            alarm.cancel();
        }
        if (!ended) {
            alarm = timer.after(delay, task);
        }
    }
}
