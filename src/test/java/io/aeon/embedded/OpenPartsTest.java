package io.aeon.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.aeon.LoggedLines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OpenPartsTest {
    private final ConcurrentLinkedQueue<String> closed = new ConcurrentLinkedQueue<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final LoggedLines log = LoggedLines.of(OpenParts.class);
    private final OpenParts parts = new OpenParts();

    @BeforeEach
    void open() {
        parts.openedGround("test ground", () -> closed.add("ground"));
        parts.opened("test floor", () -> closed.add("floor"));
    }

    @AfterEach
    void end() {
        never.countDown();
        log.close();
    }

    @Test
    void partsAreClosedInReverseOrder() {
        parts.opened("test roof", () -> closed.add("roof"));

        parts.close();
        parts.close();

        assertThat(closed).containsExactly("roof", "floor", "ground");
    }

    @Test
    void aPartThatHangsIsNamedAndOnlyTheGroundStaysOpen() {
        parts.closeWithin(Duration.ofSeconds(2));
        parts.opened("test door", this::hang);

        parts.close();

        assertThat(closed).containsExactly("floor");
        assertThat(said("test door"))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("The test door has not closed within PT2S and is left open; its thread is at: ")
                        .contains(OpenPartsTest.class.getName() + ".hang("));
        assertThat(said("test ground")).hasSize(1);
    }

    @Test
    void aPartThatFailsToCloseIsNamedAndAllOthersAreClosed() {
        parts.opened("test window", () -> {
            throw new IllegalStateException("broken by the test");
        });

        parts.close();

        assertThat(closed).containsExactly("floor", "ground");
        assertThat(said("test window")).containsExactly("The test window did not close cleanly");
    }

    private List<String> said(String part) {
        return log.events().stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains(part))
                .toList();
    }

    private void hang() throws InterruptedException {
        never.await();
    }
}
