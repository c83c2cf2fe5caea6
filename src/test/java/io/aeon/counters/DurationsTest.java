package io.aeon.counters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DurationsTest {
    private final Durations durations = new Durations();

    @Test
    void aDurationIsInTheFirstBucketWhoseBoundItDoesNotExceed() {
        durations.add(0);
        durations.add(TimeUnit.MICROSECONDS.toNanos(100));
        durations.add(TimeUnit.MICROSECONDS.toNanos(100) + 1);
        durations.add(TimeUnit.SECONDS.toNanos(10));
        durations.add(TimeUnit.SECONDS.toNanos(10) + 1);
        durations.add(TimeUnit.DAYS.toNanos(1));

        long[] counts = durations.counts();
        assertThat(counts).hasSameSizeAs(Durations.upperBounds());
        assertThat(counts[0]).isEqualTo(2);
        assertThat(counts[1]).isOne();
        assertThat(counts[counts.length - 2]).isOne();
        assertThat(counts[counts.length - 1]).isEqualTo(2);
        assertThat(durations.count()).isEqualTo(6);
    }

    @Test
    void theSumIsInSeconds() {
        durations.add(TimeUnit.MILLISECONDS.toNanos(250));
        durations.add(TimeUnit.MILLISECONDS.toNanos(750));

        assertThat(durations.seconds()).isEqualTo(1);
    }

    @Test
    void theBoundsGrow() {
        assertThat(Durations.upperBounds()).isSorted().contains(0.0001, 0.001, 1, 10, Double.POSITIVE_INFINITY);
    }
}
