package io.aeon.broker.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff<String> backoff = new Backoff<>(1, Duration.ofMillis(100), Duration.ofSeconds(1));

    @Test
    void firstRetryIsImmediateAndLaterPausesGrowToTheMaximum() {
        assertThat(IntStream.range(0, 7).mapToObj(i -> backoff.failed("a", i)).map(Duration::toMillis))
                .containsExactly(0L, 100L, 200L, 400L, 800L, 1000L, 1000L);
    }

    @Test
    void eachKeyHasItsOwnPauses() {
        backoff.failed("a", 0);
        backoff.failed("a", 0);

        assertThat(backoff.failed("b", 0)).isZero();
    }

    @Test
    void pausesStartAgainAfterASuccessOrALongTimeWithoutFailure() {
        backoff.failed("a", 0);
        backoff.failed("b", 0);
        backoff.forget("b");

        assertThat(backoff.failed("b", 1)).isZero();
        assertThat(backoff.failed("a", Duration.ofMinutes(11).toMillis())).isZero();
    }

    @Test
    void pauseIsBoundedHoweverOftenItFails() {
        IntStream.range(0, 200).forEach(i -> backoff.failed("a", i));

        assertThat(backoff.failed("a", 200)).isEqualTo(Duration.ofSeconds(1));
    }
}
