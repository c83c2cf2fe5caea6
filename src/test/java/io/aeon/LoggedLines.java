package io.aeon;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * What a logger and those below it log until {@link #close}. That includes the lines of other tests, which run at the
 * same time. Thread-safe.
 */
public final class LoggedLines implements AutoCloseable {
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final Logger logger;

    private LoggedLines(Logger logger) {
        this.logger = logger;
    }

    public static LoggedLines of(Class<?> type) {
        return of(type.getName());
    }

    public static LoggedLines of(String logger) {
        LoggedLines lines = new LoggedLines((Logger) LoggerFactory.getLogger(logger));
        lines.appender.start();
        lines.logger.addAppender(lines.appender);
        return lines;
    }

    /** The events so far. */
    public List<ILoggingEvent> events() {
        // The appender has no other lock for its list than itself.
        synchronized (appender) {
            return List.copyOf(appender.list);
        }
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
    }
}
