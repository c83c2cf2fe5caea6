package io.aeon.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ClientFaultsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger =
            (Logger) LoggerFactory.getLogger(ClientFaultsTest.class.getName() + "." + UUID.randomUUID());
    private final ClientFaults faults = new ClientFaults(logger, nanos::get);

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(log);
        log.start();
    }

    @Test
    void eachKindAndAddressGetsOneLineAMinuteWithTheNumberOfOmittedLines() {
        for (int i = 0; i < 100; i++) {
            faults.add("frame", client(1), "bad frame " + i);
        }
        faults.add("frame", client(2), "bad frame of another");
        faults.add("acks", client(1), "no topic");
        pass();
        faults.add("frame", client(1), "bad frame again");
        faults.add("acks", client(1), "no topic again");

        assertThat(lines())
                .containsExactly(
                        "bad frame 0",
                        "bad frame of another",
                        "no topic",
                        "bad frame again (99 more of this kind from 10.0.0.1 before)",
                        "no topic again");
    }

    @Test
    void theLinesHaveLevelInfoAndNoStackTrace() {
        faults.add("frame", client(1), "bad frame\nof two lines");

        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.INFO);
            assertThat(event.getThrowableProxy()).isNull();
            assertThat(event.getFormattedMessage()).isEqualTo("bad frame\\u000aof two lines");
        });
    }

    @Test
    void onlyTheLatestSourcesAreRemembered() {
        for (int i = 0; i <= ClientFaults.MOST; i++) {
            faults.add("frame", client(i), "first of " + i);
        }
        log.list.clear();

        faults.add("frame", client(ClientFaults.MOST), "again");
        faults.add("frame", client(0), "again, but forgotten");

        assertThat(lines()).containsExactly("again, but forgotten");
    }

    private void pass() {
        nanos.addAndGet(ClientFaults.INTERVAL.toNanos());
    }

    private List<String> lines() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static InetAddress client(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
