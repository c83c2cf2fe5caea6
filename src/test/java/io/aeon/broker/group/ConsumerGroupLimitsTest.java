package io.aeon.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.config.KafkaSettings;
import io.aeon.config.KafkaSupport;
import io.aeon.config.KafkaSupport.Kind;
import io.aeon.config.OtherValue;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import java.util.List;
import java.util.Map;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.junit.jupiter.api.Test;

class ConsumerGroupLimitsTest {
    private final ConsumerGroupSettings usual = ConsumerGroupLimits.of(new KafkaSettings(Map.of()));

    /** A setting that is honoured by the list only would change nothing. */
    @Test
    void everyHonouredSettingOfAGroupChangesItsLimits() {
        List<String> honoured = GroupConfig.CONFIG_DEF.names().stream()
                .filter(name -> KafkaSupport.ofGroup(name).kind() == Kind.HONOURED)
                .toList();

        assertThat(honoured)
                .hasSize(3)
                .allSatisfy(name -> assertThat(usual.with(Map.of(
                                name,
                                OtherValue.of(
                                        GroupConfig.CONFIG_DEF.configKeys().get(name)))))
                        .isNotEqualTo(usual));
    }

    @Test
    void everySettingOfConsumerGroupsChangesTheirLimits() {
        List<String> honoured = KafkaSettings.definition().names().stream()
                .filter(name -> name.startsWith("group.consumer."))
                .filter(name -> KafkaSupport.of(name).orElseThrow().kind() == Kind.HONOURED)
                .toList();

        assertThat(honoured)
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(
                                ConsumerGroupLimits.of(new KafkaSettings(Map.of(name, OtherValue.ofBroker(name)))))
                        .isNotEqualTo(usual));
    }
}
