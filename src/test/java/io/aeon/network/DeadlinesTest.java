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

        assertThat(after(Duration.ofMinutes(9))).isNull();
        assertThat(after(Duration.ofMinutes(11))).isEqualTo("idle");
    }

    @Test
    void aReplyThatTheClientDoesNotReadEndsTheConnection() {
        deadlines.writing(start, true);
        assertThat(after(Duration.ofMinutes(11))).isEqualTo("the client does not read a reply");

        deadlines.writing(start, false);
        assertThat(after(Duration.ofMinutes(11))).isEqualTo("idle");
    }

    @Test
    void aFrameMustComeInTimeButALargeOneMayTakeLonger() {
        deadlines.active(start);
        frameStarted(1 << 20);
        assertThat(after(Duration.ofSeconds(29))).isNull();
        assertThat(after(Duration.ofSeconds(31))).contains("an incomplete request");

        deadlines.frameArrived(512 << 10);
        assertThat(after(Duration.ofSeconds(60))).isNull();
        assertThat(after(Duration.ofSeconds(63))).contains("an incomplete request");
    }

    @Test
    void theWaitForMemoryDoesNotCount() {
        deadlines.active(start);
        frameStarted(1 << 20);
        deadlines.frameSuspended(start + Duration.ofSeconds(20).toNanos());
        assertThat(after(Duration.ofMinutes(5))).isNull();

        deadlines.frameResumed(start + Duration.ofMinutes(5).toNanos());
        assertThat(after(Duration.ofSeconds(309))).isNull();
        assertThat(after(Duration.ofSeconds(311))).contains("an incomplete request");
    }

    @Test
    void aRequestMustComeFastWhileOthersWaitForMemory() {
        frameStarted(10 << 20);
        for (int i = 1; i < 10; i++) {
            deadlines.frameArrived(i * 100_000);
            assertThat(tooSlow(i, true, true)).isNull();
        }

        assertThat(tooSlow(10, true, false)).isNull();
        assertThat(tooSlow(11, true, false))
                .isEqualTo("a slow request while memory is short: 900000 of 10485760 bytes");
    }

    @Test
    void aSlowRequestIsToleratedWhileNobodyWaitsOrWhileItWaitsItself() {
        frameStarted(10 << 20);
        for (int i = 1; i < 10; i++) {
            assertThat(tooSlow(i, i % 2 == 0, true)).isNull();
        }

        deadlines.frameSuspended(start);
        for (int i = 10; i < 20; i++) {
            assertThat(tooSlow(i, true, true)).isNull();
        }
    }

    @Test
    void aReplyMustBeReadFastWhileOthersWaitForMemory() {
        deadlines.writing(start, true);
        for (int i = 1; i < 10; i++) {
            deadlines.wrote(start, i * 100_000L);
            assertThat(tooSlow(i, true, true)).isNull();
        }

        assertThat(tooSlow(10, false, true)).isNull();
        assertThat(tooSlow(11, false, true)).contains("reads a reply slowly");
        deadlines.writing(start, false);
        assertThat(tooSlow(12, false, true)).isNull();
    }

    @Test
    void aReplyBeforeOtherRequestsMustBeReadFastWhileRequestsWaitForMemory() {
        deadlines.writing(start, true);
        for (int i = 1; i < 10; i++) {
            assertThat(tooSlow(i, true, false)).isNull();
        }

        deadlines.stuck(true);
        assertThat(tooSlow(10, true, false)).isNull();
        assertThat(tooSlow(11, true, false)).isNull();
        assertThat(tooSlow(12, true, false)).contains("reads a reply slowly");
        deadlines.stuck(false);
        assertThat(tooSlow(13, true, false)).isNull();
    }

    /** @param check number of the check, one every 200 ms */
    private String tooSlow(int check, boolean requestsWait, boolean answersWait) {
        return deadlines.tooSlow(start + Duration.ofMillis(200L * check).toNanos(), requestsWait, answersWait);
    }

    @Test
    void bytesThatWaitLongForTheirTurnAreNoticed() {
        deadlines.ahead(start, 10_000);
        deadlines.ahead(start + Duration.ofSeconds(4).toNanos(), 20_000);

        assertThat(deadlines.longAhead(start + Duration.ofSeconds(4).toNanos())).isFalse();
        assertThat(deadlines.longAhead(start + Duration.ofSeconds(6).toNanos())).isTrue();
        deadlines.ahead(start + Duration.ofSeconds(6).toNanos(), 1000);
        assertThat(deadlines.longAhead(start + Duration.ofSeconds(60).toNanos()))
                .isFalse();
    }

    @Test
    void aClosedConnectionMayNotLinger() {
        assertThat(deadlines.overdue(start + Duration.ofHours(1).toNanos())).isFalse();
        deadlines.closing(start);

        assertThat(deadlines.overdue(start + Duration.ofSeconds(4).toNanos())).isFalse();
        assertThat(deadlines.overdue(start + Duration.ofSeconds(6).toNanos())).isTrue();
        assertThat(after(Duration.ofHours(1))).isNull();
    }

    private void frameStarted(int size) {
        deadlines.frameStarted(start);
        deadlines.frameSized(size);
    }

    private String after(Duration time) {
        return deadlines.exceeded(start + time.toNanos(), IDLE, FRAME);
    }
}
