package io.aeon.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import io.aeon.PatientWaits;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log of its own, whose stderr takes no line until the test lets go. */
@Timeout(120)
class QueuedLogTest {
    private static final int QUEUE = 20;
    private static final int FREE_FOR_WARNINGS = 10;

    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("test");
    private final QueuedLog queue = new QueuedLog();
    private final CountDownLatch stderr = new CountDownLatch(1);
    private final List<String> written = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        AppenderBase<ILoggingEvent> blocked = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                try {
                    stderr.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                written.add(event.getLevel() + " " + event.getFormattedMessage());
            }
        };
        context.setMDCAdapter(new LogbackMDCAdapter());
        blocked.setContext(context);
        blocked.start();
        queue.setContext(context);
        queue.setQueueSize(QUEUE);
        queue.setDiscardingThreshold(FREE_FOR_WARNINGS);
        queue.setMaxFlushTime((int) PatientWaits.LIMIT.toMillis());
        queue.addAppender(blocked);
        queue.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(queue);
        logger.info("the first line");
        await().until(() -> queue.getNumberOfElementsInQueue() == 0);
    }

    @AfterEach
    void end() {
        stderr.countDown();
        queue.stop();
    }

    @Test
    void whileStderrBlocksInfoIsDroppedAndCountedAndWarningsAreKept() {
        for (int i = 0; i < 1000; i++) {
            logger.info("line {}", i);
        }
        for (int i = 0; i < QUEUE - FREE_FOR_WARNINGS - 1; i++) {
            logger.warn("warning {}", i);
        }
        stderr.countDown();
        await().until(() -> queue.getNumberOfElementsInQueue() == 0);
        logger.info("the last line");

        await().until(() -> written.contains("INFO the last line"));
        long info =
                written.stream().filter(line -> line.startsWith("INFO line")).count();
        assertThat(info).isBetween(1L, (long) QUEUE);
        assertThat(written).filteredOn(line -> line.startsWith("WARN warning")).hasSize(QUEUE - FREE_FOR_WARNINGS - 1);
        assertThat(written)
                .endsWith(
                        "WARN " + (1000 - info)
                                + " log lines of level INFO are missing here, because the log could not be written"
                                + " fast enough",
                        "INFO the last line");
    }

    @Test
    void aWarningWaitsForRoomInAFullQueue() {
        CompletableFuture<Void> warned = CompletableFuture.runAsync(
                () -> {
                    for (int i = 0; i < 3 * QUEUE; i++) {
                        logger.warn("warning {}", i);
                    }
                },
                task -> new Thread(task, "queued-log-test").start());
        await().until(() -> queue.getRemainingCapacity() == 0);
        assertThat(warned).isNotDone();

        stderr.countDown();

        assertThat(warned).succeedsWithin(PatientWaits.LIMIT);
        await().until(() -> written.size() == 1 + 3 * QUEUE);
    }

    @Test
    void theEndOfTheLogWritesWhatWaits() {
        logger.info("one more");
        logger.error("the end");
        stderr.countDown();

        queue.stop();

        assertThat(written).containsExactly("INFO the first line", "INFO one more", "ERROR the end");
    }
}
