package io.aeon.network;

import akka.actor.ActorSystem;
import akka.event.EventStream;
import akka.event.slf4j.Slf4jLoggingFilter;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes Akka's log lines by the levels of the log. A listener that cannot accept a connection tries again at once, and
 * Akka would log each try with a stack trace: there is one line a minute instead. Thread-safe.
 */
public final class AkkaLogFilter extends Slf4jLoggingFilter {
    static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final String LISTENER = "akka.io.TcpListener";

    private final Logger log;
    private final LongSupplier nanoTime;
    private long said;

    /** Called by Akka through reflection. */
    public AkkaLogFilter(ActorSystem.Settings settings, EventStream events) {
        this(settings, events, LoggerFactory.getLogger(AkkaLogFilter.class), System::nanoTime);
    }

    /**
     * @param log receives the lines about listeners
     * @param nanoTime a monotonic clock in nanoseconds
     */
    AkkaLogFilter(ActorSystem.Settings settings, EventStream events, Logger log, LongSupplier nanoTime) {
        super(settings, events);
        this.log = log;
        this.nanoTime = nanoTime;
        this.said = nanoTime.getAsLong() - INTERVAL.toNanos();
    }

    @Override
    public boolean isErrorEnabled(Class<?> logClass, String logSource) {
        if (logClass.getName().equals(LISTENER)) {
            sayThatListenerFails();
            return false;
        }
        return super.isErrorEnabled(logClass, logSource);
    }

    private synchronized void sayThatListenerFails() {
        long now = nanoTime.getAsLong();
        if (now - said >= INTERVAL.toNanos()) {
            said = now;
            log.warn(
                    "A listener cannot be bound, or cannot accept connections, for example because the process has no file"
                            + " descriptor left. Accepting is tried again until it succeeds.");
        }
    }
}
