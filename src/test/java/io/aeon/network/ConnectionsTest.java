package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.aeon.api.ClientConnection;
import io.aeon.logging.ClientFaults;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ConnectionsTest {
    private static final Duration LONG = Duration.ofDays(1);
    private static final int MOST = 4711;

    private final AtomicBoolean drainsMeanwhile = new AtomicBoolean();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final Connections connections =
            new Connections(this::limits, () -> MOST, any -> true, LONG, LONG, new ReadAhead(1 << 20));

    @Test
    void aConnectionThatADrainDoesNotMeetIsRefusedAndNotWaitedFor() {
        drainsMeanwhile.set(true);

        assertThat(connections.admit(connection())).isFalse();

        assertThat(drained).isDone();
        assertThat(connections.size()).isZero();
    }

    @Test
    void aConnectionRefusedByAStopIsNotToldToBeOneTooMany() {
        Logger logger = (Logger) LoggerFactory.getLogger(Connections.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            connections.abort();
            assertThat(connections.admit(connection())).isFalse();

            connections.closeOverdue(System.nanoTime());
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list).noneMatch(line -> line.getFormattedMessage().contains("max.connections is " + MOST));
    }

    private ConnectionLimits limits() {
        if (drainsMeanwhile.getAndSet(false)) {
            connections.drain().thenRun(() -> drained.complete(null));
        }
        return new ConnectionLimits(MOST, MOST, Map.of());
    }

    private static Connection connection() {
        InetSocketAddress anywhere = new InetSocketAddress(1);
        return new Connection(
                new ClientConnection("client", anywhere, anywhere),
                null,
                new ClientFaults(LoggerFactory.getLogger(ConnectionsTest.class), System::nanoTime),
                ended -> {});
    }
}
