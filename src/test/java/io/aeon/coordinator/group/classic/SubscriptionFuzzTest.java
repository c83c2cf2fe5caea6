package io.aeon.coordinator.group.classic;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.junit.jupiter.params.provider.MethodSource;

/** The metadata of a group's member may be any bytes; where Kafka reads a subscription, Aeon reads the same topics. */
class SubscriptionFuzzTest {
    static Stream<byte[]> subscriptions() {
        return Stream.of((short) 0, (short) 1, (short) 2, (short) 3)
                .map(version -> ConsumerProtocol.serializeSubscription(
                        new ConsumerPartitionAssignor.Subscription(List.of("orders", "", "\u00e9t\u00e9")), version))
                .map(ByteBuffer::array);
    }

    @MethodSource("subscriptions")
    @FuzzTest(maxDuration = "10m")
    void whatKafkaReadsIsRead(byte[] metadata) {
        Optional<Set<String>> read = Subscription.topics(metadata.clone());
        ConsumerPartitionAssignor.Subscription kafka;
        try {
            kafka = ConsumerProtocol.deserializeSubscription(ByteBuffer.wrap(metadata));
        } catch (RuntimeException notASubscription) {
            return;
        }
        assertThat(read)
                .hasValueSatisfying(
                        topics -> assertThat(topics).containsExactlyInAnyOrderElementsOf(Set.copyOf(kafka.topics())));
    }
}
