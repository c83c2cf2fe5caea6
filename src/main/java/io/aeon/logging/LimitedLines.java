package io.aeon.logging;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Logs lines that clients can cause in any number: at most 100 in a minute, and then how many were omitted. Lines of
 * level DEBUG and TRACE, which an operator has asked for, are not limited. Thread-safe.
 */
public final class LimitedLines {
    static final Duration INTERVAL = Duration.ofMinutes(1);
    static final int MOST = 100;

    private final Logger logger;
    private final LongSupplier nanoTime;
    private long since;
    private int logged;
    private long omitted;

    /**
     * @param logger receives the lines
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public LimitedLines(Logger logger, LongSupplier nanoTime) {
        this.logger = logger;
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** @param line text without what clients chose, or escaped by {@link Printable} */
    public void add(Level level, Supplier<String> line) {
        if (level.toInt() < Level.INFO.toInt()) {
            logger.atLevel(level).log(line);
        } else if (logger.isEnabledForLevel(level) && admit()) {
            logger.atLevel(level).log(line);
        }
    }

    private synchronized boolean admit() {
        long now = nanoTime.getAsLong();
        if (now - since >= INTERVAL.toNanos()) {
            if (omitted > 0) {
                logger.info("{} lines were omitted: there were more than {} in a minute", omitted, MOST);
            }
            since = now;
            logged = 0;
            omitted = 0;
        }
        if (logged == MOST) {
            omitted++;
            return false;
        }
        logged++;
        return true;
    }
}
