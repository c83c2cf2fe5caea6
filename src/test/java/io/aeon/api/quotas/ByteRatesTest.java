package io.aeon.api.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.quotas.EntityQuotas.Limit;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The throttle times are those of Kafka with eleven windows of a second. */
class ByteRatesTest {
    private static final Limit THOUSAND = limit("a", 1000);

    private final ByteRates rates = new ByteRates(11, 1);

    @Test
    void theRateCountsOverTenSeconds() {
        assertThat(rates.add(THOUSAND, 10_000, 0)).isZero();
        assertThat(rates.add(THOUSAND, 1_000, 0)).isEqualTo(1_000);
        assertThat(rates.add(THOUSAND, 9_000, 500)).isEqualTo(9_500);
    }

    @Test
    void oldBytesDoNotCount() {
        rates.add(THOUSAND, 20_000, 0);

        assertThat(rates.add(THOUSAND, 10_000, 12_000)).isZero();
    }

    @Test
    void eachEntityHasARateOfItsOwn() {
        rates.add(THOUSAND, 20_000, 0);

        assertThat(rates.add(limit("b", 1000), 10_000, 0)).isZero();
        assertThat(rates.add(limit("a", 2000), 0, 0)).isZero();
    }

    @Test
    void moreThanTheWindowsHoldIsNeverSentAtOnce() {
        assertThat(rates.mostAtOnce(THOUSAND)).isEqualTo(10_000);
    }

    @Test
    void bytesAboveTheLimitAreNotCountedButThrottled() {
        assertThat(rates.take(THOUSAND, 6_000, 0)).isEqualTo(Throttle.NONE);
        assertThat(rates.take(THOUSAND, 6_000, 0)).isEqualTo(new Throttle(2_000, true));
        assertThat(rates.take(THOUSAND, 4_000, 0)).isEqualTo(Throttle.NONE);
    }

    @Test
    void whatIsNeverWithinTheLimitIsTakenAfterAPause() {
        assertThat(rates.take(THOUSAND, 20_000, 0)).isEqualTo(new Throttle(10_000, false));
        assertThat(rates.take(THOUSAND, 20_000, 1_000).withholds()).isTrue();
        assertThat(rates.take(THOUSAND, 20_000, 12_000)).isEqualTo(new Throttle(10_000, false));
    }

    @Test
    void aThrottleTimeIsAnInteger() {
        assertThat(rates.add(limit("c", 1e-9), 1e9, 0)).isEqualTo(Integer.MAX_VALUE);
    }

    private static Limit limit(String client, double bytesPerSecond) {
        return new Limit(Map.of("client-id", client), bytesPerSecond);
    }
}
