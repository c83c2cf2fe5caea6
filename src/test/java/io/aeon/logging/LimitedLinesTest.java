package io.aeon.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LimitedLinesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger =
            (Logger) LoggerFactory.getLogger(LimitedLinesTest.class.getName() + "." + UUID.randomUUID());
    private final LimitedLines lines = new LimitedLines(logger, nanos::get);

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(log);
        log.start();
    }

    @Test
    void aMinuteHasAHundredLinesAndTheNextOneSaysHowManyWereOmitted() {
        for (int i = 0; i < 1000; i++) {
            int number = i;
            lines.add(org.slf4j.event.Level.INFO, () -> "member " + number);
        }
        assertThat(logged()).hasSize(LimitedLines.MOST).endsWith("member 99");

        nanos.addAndGet(LimitedLines.INTERVAL.toNanos());
        lines.add(org.slf4j.event.Level.INFO, () -> "member again");

        assertThat(logged()).endsWith("900 lines were omitted: there were more than 100 in a minute", "member again");
    }

    @Test
    void linesThatAnOperatorAskedForAreNotLimited() {
        logger.setLevel(Level.DEBUG);
        for (int i = 0; i < 1000; i++) {
            lines.add(org.slf4j.event.Level.DEBUG, () -> "detail");
        }

        assertThat(logged()).hasSize(1000);
    }

    private List<String> logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
