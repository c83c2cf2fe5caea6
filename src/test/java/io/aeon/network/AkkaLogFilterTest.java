package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

class AkkaLogFilterTest {
    @RegisterExtension
    static final Streams streams = new Streams();

    private final AtomicLong now = new AtomicLong();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @Test
    void aListenerThatCannotAcceptIsALineAMinuteWithoutAStackTrace() throws ClassNotFoundException {
        Logger log = (Logger) LoggerFactory.getLogger(AkkaLogFilterTest.class);
        lines.start();
        log.addAppender(lines);
        Class<?> listener = Class.forName("akka.io.TcpListener");
        AkkaLogFilter filter =
                new AkkaLogFilter(streams.system().settings(), streams.system().eventStream(), log, now::get);

        for (int i = 0; i < 3; i++) {
            assertThat(filter.isErrorEnabled(listener, "listener")).isFalse();
            assertThat(filter.isErrorEnabled(ActorSystem.class, "other")).isTrue();
        }
        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getThrowableProxy()).isNull();
        });
        now.addAndGet(AkkaLogFilter.INTERVAL.toNanos());
        filter.isErrorEnabled(listener, "listener");
        assertThat(lines.list).hasSize(2);
    }
}
