package io.aeon.metadata.controller;

import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/**
 * The clock of the metadata engine, by which the controller ends the sessions of brokers. Kafka's controller has no
 * call that ends one; but it takes the time of a heartbeat on the thread that brings it, so a heartbeat that was
 * brought long ago does. Thread-safe.
 */
public final class SessionClock implements Time {
    private static final ThreadLocal<Long> SET_BACK = ThreadLocal.withInitial(() -> 0L);

    private final Time time;

    public SessionClock(Time time) {
        this.time = time;
    }

    /** Runs an action, during which this clock is late by so many nanoseconds for the calling thread. */
    <T> T earlier(long nanos, Supplier<T> action) {
        SET_BACK.set(nanos);
        try {
            return action.get();
        } finally {
            SET_BACK.remove();
        }
    }

    @Override
    public long nanoseconds() {
        return time.nanoseconds() - SET_BACK.get();
    }

    @Override
    public long milliseconds() {
        return time.milliseconds();
    }

    @Override
    public void sleep(long millis) {
        time.sleep(millis);
    }

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) throws InterruptedException {
        time.waitObject(object, condition, deadlineMs);
    }
}
