package io.aeon.replication;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CopyRateTest {
    private long limit = 1000;
    private long now = 50_000;
    private final CopyRate rate = new CopyRate(11, 1, () -> limit, () -> now);

    @Test
    void theRateIsExceededUntilTheBytesAreSpreadOverEnoughTime() {
        rate.copied(1000);
        assertThat(rate.isExceeded()).isFalse();
        rate.copied(2500);
        assertThat(rate.isExceeded()).isTrue();

        now += 3_000;
        assertThat(rate.isExceeded()).isTrue();
        now += 1_000;
        assertThat(rate.isExceeded()).isFalse();
    }

    @Test
    void bytesOfLongAgoDoNotCount() {
        rate.copied(100_000);
        now += 10_000;
        assertThat(rate.isExceeded()).isTrue();

        now += 2_000;

        assertThat(rate.isExceeded()).isFalse();
    }

    @Test
    void theLimitMayChangeAtAnyTime() {
        limit = CopyRate.UNLIMITED;
        rate.copied(100_000);
        assertThat(rate.isLimited()).isFalse();
        assertThat(rate.isExceeded()).isFalse();

        limit = 1000;
        assertThat(rate.isLimited()).isTrue();
        assertThat(rate.isExceeded())
                .as("only what was copied under a limit counts")
                .isFalse();
        rate.copied(1001);
        assertThat(rate.isExceeded()).isTrue();
        limit = 2000;
        assertThat(rate.isExceeded()).isFalse();
    }
}
