package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients see of work that a test wants at once: retention, compaction, expiry, a rebalance, leader epochs. */
class ForcedWorkIT {
    @RegisterExtension
    private static final SharedBroker broker = new SharedBroker();

    private static final Clients clients = broker.clients();
    private String topic;
    private TopicPartition partition;

    @BeforeEach
    void name(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
        partition = new TopicPartition(topic, 0);
    }

    @Test
    void retentionRemovesWhatIsBeyondIt() {
        clients.create(topic, 1, Map.of("retention.bytes", "0", "segment.bytes", "1048576"));
        clients.send(topic, List.of("a".repeat(600_000), "b".repeat(600_000)), Map.of("batch.size", 0));

        broker.control().applyRetention();

        try (var admin = clients.admin()) {
            await().until(() -> done(admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                                    .partitionResult(partition))
                            .offset()
                    >= 1);
        }
    }

    @Test
    void compactionLeavesTheLastValueOfEachKey() throws Exception {
        clients.create(topic, 1, Map.of("cleanup.policy", "compact"));
        try (var producer = clients.producer(Map.of())) {
            for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < 10; i++) {
                    producer.send(new ProducerRecord<>(topic, "key " + i % 2, pass + " " + i));
                }
                producer.flush();
                broker.control().compact(topic).toCompletableFuture().get(1, TimeUnit.MINUTES);
                assertThat(Clients.values(clients.read(topic, 0, 2))).containsExactly(pass + " 8", pass + " 9");
            }
        }
    }

    @Test
    void onlyACompactedTopicIsCompacted() {
        clients.create(topic, 1, Map.of());

        assertThatThrownBy(() -> broker.control().compact(topic)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> broker.control().compact("unknown")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aForgottenProducerGoesOn() throws Exception {
        clients.create(topic, 1, Map.of());
        try (var producer = clients.producer(Map.of("enable.idempotence", true));
                var admin = clients.admin()) {
            producer.send(new ProducerRecord<>(topic, "a")).get(1, TimeUnit.MINUTES);

            broker.control().expireProducers();

            await().until(() -> done(admin.describeProducers(List.of(partition)).partitionResult(partition))
                    .activeProducers()
                    .isEmpty());
            producer.send(new ProducerRecord<>(topic, "b")).get(1, TimeUnit.MINUTES);
        }
        assertThat(Clients.values(clients.read(topic, 0, 2))).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void membersLoseTheirPartitionsAndJoinAgain(String protocol) {
        String group = topic + "-" + protocol;
        clients.create(group, 1, Map.of());
        try (var consumer = clients.consumer(Map.of("group.id", group, "group.protocol", protocol))) {
            Rebalances rebalances = new Rebalances();
            consumer.subscribe(List.of(group), rebalances);
            await().until(() -> rebalances.assigned(consumer) == 1);
            clients.send(group, List.of("a"), Map.of());
            Clients.poll(consumer, 1);

            broker.control().rebalance(group);

            await().until(() -> rebalances.assigned(consumer) == 2);
            assertThat(rebalances.lost()).isEqualTo(1);
        }
        assertThatThrownBy(() -> broker.control().rebalance("nobody's"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no group nobody's with members is coordinated here");
    }

    @Test
    void laterRecordsHaveAHigherLeaderEpoch() {
        clients.create(topic, 1, Map.of());
        try (var producer = clients.producer(Map.of())) {
            producer.send(new ProducerRecord<>(topic, "a"));
            producer.flush();

            broker.control().renewLeaderEpochs();

            producer.send(new ProducerRecord<>(topic, "b"));
            producer.flush();
        }
        List<Integer> epochs = clients.read(topic, 0, 2).stream()
                .map(ConsumerRecord::leaderEpoch)
                .map(Optional::orElseThrow)
                .toList();
        assertThat(epochs.get(1)).isGreaterThan(epochs.get(0));
    }
}
