package io.aeon.storage.file;

import java.time.Clock;

/**
 * What all logs of a broker share.
 *
 * @param clock wall clock for segment roll and retention
 * @param maps the limit of memory maps and open descriptors
 * @param files the file operations; an interface, so that tests can inject faults
 */
public record LogEnvironment(Clock clock, MapBudget maps, LogFiles files) {
    /** The time {@code delayMs} from now, in milliseconds since the epoch; see {@link #later}. */
    public long timeIn(long delayMs) {
        return later(clock.millis(), delayMs);
    }

    /**
     * The time {@code delayMs}, 0 or more, after another one. Kafka's settings allow delays that go beyond the largest
     * number, which is the result then.
     */
    public static long later(long timeMs, long delayMs) {
        long sum = timeMs + delayMs;
        return sum < timeMs ? Long.MAX_VALUE : sum;
    }
}
