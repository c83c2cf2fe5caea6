package io.aeon.api.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CreationRateTest {
    private long nanos;
    private final CreationRate rate = new CreationRate(() -> nanos);

    @Test
    void anAddressCreatesManyTopicsAtOnceAndThenAFewEachSecond() {
        assertThat(rate.take(client(1), 600)).isEqualTo(600);
        assertThat(rate.take(client(1), 600)).isEqualTo(400);
        assertThat(rate.take(client(1), 1)).isZero();
        assertThat(rate.take(client(2), 1)).isEqualTo(1);

        nanos += TimeUnit.SECONDS.toNanos(1);
        assertThat(rate.take(client(1), 600)).isEqualTo(CreationRate.PER_SECOND);

        nanos += TimeUnit.HOURS.toNanos(1);
        assertThat(rate.take(client(1), 2000)).isEqualTo(CreationRate.AT_ONCE);
    }

    private static InetAddress client(int number) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
