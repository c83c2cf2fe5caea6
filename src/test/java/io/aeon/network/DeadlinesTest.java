package io.aeon.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final Duration IDLE = Duration.ofMinutes(10);
    private static final Duration FRAME = Duration.ofSeconds(30);

    private final Deadlines deadlines = new Deadlines();
    private final long start = System.nanoTime();

    @Test
    void aQuietConnectionIsIdle() {
        deadlines.active(start);

        assertThat(after(Duration.ofMinutes(9), false)).isNull();
        assertThat(after(Duration.ofMinutes(11), false)).isEqualTo("idle");
    }

    @Test
    void aReplyThatTheClientDoesNotReadEndsTheConnection() {
        deadlines.writing(start, true);
        assertThat(after(Duration.ofMinutes(11), false)).isEqualTo("the client does not read a reply");

        deadlines.writing(start, false);
        assertThat(after(Duration.ofMinutes(11), false)).isEqualTo("idle");
    }

    @Test
    void aFrameMustComeInTimeButALargeOneMayTakeLonger() {
        deadlines.active(start);
        frameStarted(1 << 20);
        assertThat(after(Duration.ofSeconds(29), false)).isNull();
        assertThat(after(Duration.ofSeconds(31), false)).contains("an incomplete request");

        deadlines.frameArrived(512 << 10);
        assertThat(after(Duration.ofSeconds(60), false)).isNull();
        assertThat(after(Duration.ofSeconds(63), false)).contains("an incomplete request");
    }

    @Test
    void theWaitForMemoryDoesNotCount() {
        deadlines.active(start);
        frameStarted(1 << 20);
        deadlines.frameSuspended(start + Duration.ofSeconds(20).toNanos());
        assertThat(after(Duration.ofMinutes(5), true)).isNull();

        deadlines.frameResumed(start + Duration.ofMinutes(5).toNanos());
        assertThat(after(Duration.ofSeconds(309), false)).isNull();
        assertThat(after(Duration.ofSeconds(311), false)).contains("an incomplete request");
    }

    @Test
    void aRequestMustComeFasterWhileOthersWaitForMemory() {
        deadlines.active(start);
        frameStarted(10 << 20);
        assertThat(after(Duration.ofSeconds(2), false)).isNull();
        assertThat(after(Duration.ofSeconds(2), true)).contains("while memory is short");

        deadlines.frameArrived(512 << 10);
        assertThat(after(Duration.ofSeconds(2), true)).isNull();

        frameStarted(1000);
        assertThat(after(Duration.ofSeconds(2), true)).contains("while memory is short");
        deadlines.frameEnded();
        assertThat(after(Duration.ofSeconds(2), true)).isNull();
    }

    @Test
    void aClosedConnectionMayNotLinger() {
        assertThat(deadlines.overdue(start + Duration.ofHours(1).toNanos())).isFalse();
        deadlines.closing(start);

        assertThat(deadlines.overdue(start + Duration.ofSeconds(4).toNanos())).isFalse();
        assertThat(deadlines.overdue(start + Duration.ofSeconds(6).toNanos())).isTrue();
        assertThat(after(Duration.ofHours(1), false)).isNull();
    }

    private void frameStarted(int size) {
        deadlines.frameStarted(start);
        deadlines.frameSized(size);
    }

    private String after(Duration time, boolean contended) {
        return deadlines.exceeded(start + time.toNanos(), IDLE, FRAME, contended);
    }
}
