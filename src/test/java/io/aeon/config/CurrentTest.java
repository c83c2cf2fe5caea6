package io.aeon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CurrentTest {
    @Test
    void theValueIsMadeAgainOnlyAfterAChange() {
        AtomicReference<KafkaSettings> settings = new AtomicReference<>(new KafkaSettings(Map.of()));
        AtomicInteger made = new AtomicInteger();
        Current<Integer> connections = new Current<>(settings::get, kafka -> {
            made.incrementAndGet();
            return kafka.getInt("max.connections");
        });
        assertThat(connections.get()).isEqualTo(Integer.MAX_VALUE);
        assertThat(connections.get()).isEqualTo(Integer.MAX_VALUE);
        assertThat(made).hasValue(1);

        settings.set(new KafkaSettings(Map.of("max.connections", "7")));

        assertThat(connections.get()).isEqualTo(7);
        assertThat(made).hasValue(2);
    }
}
