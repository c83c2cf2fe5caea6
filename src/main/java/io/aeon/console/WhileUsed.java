package io.aeon.console;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is there as long as somebody uses it: made at its first use, and closed when it was not used for a
 * minute. No use takes longer. Thread-safe.
 */
final class WhileUsed<T extends AutoCloseable> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WhileUsed.class);
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final String name;
    private final Supplier<T> maker;
    private @Nullable T made;
    private long lastUse;
    private boolean isClosed;

    /** @param name of the thread that closes it */
    WhileUsed(String name, Supplier<T> maker) {
        this.name = name;
        this.maker = maker;
    }

    synchronized T get() {
        if (isClosed) {
            throw new IllegalStateException("the console is closed");
        }
        lastUse = System.nanoTime();
        T known = made;
        if (known != null) {
            return known;
        }
        T fresh = maker.get();
        made = fresh;
        Thread end = new Thread(this::closeWhenUnused, name);
        end.setDaemon(true);
        end.start();
        return fresh;
    }

    private synchronized void closeWhenUnused() {
        T mine = made;
        try {
            long left = MINUTE_NANOS;
            while (made == mine && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
                left = MINUTE_NANOS - (System.nanoTime() - lastUse);
            }
            if (made == mine) {
                discard();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes it; the next use makes another one. */
    synchronized void discard() {
        T known = made;
        made = null;
        notifyAll();
        if (known != null) {
            try {
                known.close();
            } catch (Exception e) {
                LOG.debug("The {} did not close cleanly", known.getClass().getSimpleName(), e);
            }
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        discard();
    }
}
