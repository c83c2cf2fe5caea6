package io.aeon.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/**
 * A queue of log lines before an appender that may block, such as stderr into a pipe that nobody reads. INFO lines are
 * dropped and counted while less than {@code discardingThreshold} of the queue is free. WARN and ERROR lines are never
 * dropped: when the queue is full, the thread that logs one waits.
 */
public final class QueuedLog extends AsyncAppender {
    private final AtomicLong dropped = new AtomicLong();

    /** Called only while the queue has little room. */
    @Override
    protected boolean isDiscardable(ILoggingEvent event) {
        boolean drops = super.isDiscardable(event);
        if (drops) {
            dropped.incrementAndGet();
        }
        return drops;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (dropped.get() > 0 && !isQueueBelowDiscardingThreshold()) {
            tellHowManyAreMissing();
        }
        super.append(event);
    }

    private void tellHowManyAreMissing() {
        long missing = dropped.getAndSet(0);
        if (missing > 0) {
            Logger logger = ((LoggerContext) getContext()).getLogger(QueuedLog.class);
            super.append(new LoggingEvent(
                    Logger.FQCN,
                    logger,
                    Level.WARN,
                    "{} log lines of level INFO are missing here, because the log could not be written fast enough",
                    null,
                    new Object[] {missing}));
        }
    }

    /**
     * Writes the lines that wait in the queue, and ends the log of this process. It waits at most {@code maxFlushTime}
     * for an appender that blocks.
     */
    public static void end() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            Iterator<Appender<ILoggingEvent>> appenders =
                    context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
            appenders.forEachRemaining(appender -> {
                if (appender instanceof QueuedLog) {
                    appender.stop();
                }
            });
        }
    }
}
