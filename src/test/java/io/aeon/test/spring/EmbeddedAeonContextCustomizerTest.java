package io.aeon.test.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbeddedAeonContextCustomizerTest {
    private static final String SERVERS = "127.0.0.1:9092";
    private static final Map.Entry<String, Object> USUAL = Map.entry("spring.embedded.kafka.brokers", SERVERS);

    @Test
    void theAddressIsAlsoInThePropertyThatIsNamed() {
        assertThat(EmbeddedAeonContextCustomizer.addresses("spring.kafka.bootstrap-servers", SERVERS))
                .containsOnly(USUAL, Map.entry("spring.kafka.bootstrap-servers", SERVERS));
    }

    @Test
    void aNameThatIsTheUsualOneOrBlankAddsNothing() {
        assertThat(EmbeddedAeonContextCustomizer.addresses("spring.embedded.kafka.brokers", SERVERS))
                .containsOnly(USUAL);
        assertThat(EmbeddedAeonContextCustomizer.addresses("", SERVERS)).containsOnly(USUAL);
    }
}
