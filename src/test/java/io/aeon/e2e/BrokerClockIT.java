package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.control.BrokerClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What clients see of a broker whose clock a test moves or stops. */
class BrokerClockIT {
    @RegisterExtension
    private static final SharedBroker broker = new SharedBroker();

    private static final Clients clients = broker.clients();
    private final BrokerClock clock = broker.control().clock();
    private String topic;
    private TopicPartition partition;

    @BeforeEach
    void name(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
        partition = new TopicPartition(topic, 0);
    }

    @AfterEach
    void letItRun() {
        clock.unfreeze();
    }

    @Test
    void recordsGetOldEnoughForRetention() {
        clients.create(topic, 1, Map.of("retention.ms", "3600000"));
        clients.send(topic, List.of("a"), Map.of());

        clock.advance(Duration.ofMinutes(61));

        await().until(() -> earliest() == 1);
        clients.send(topic, List.of("b"), Map.of());
        assertThat(clients.read(topic, 1, 1)).hasSize(1);
    }

    private long earliest() {
        try (var admin = clients.admin()) {
            return done(admin.listOffsets(Map.of(partition, OffsetSpec.earliest()))
                            .partitionResult(partition))
                    .offset();
        }
    }

    @Test
    void aMemberWithoutAHeartbeatLeavesAndJoinsAgain() {
        clients.create(topic, 1, Map.of());
        try (var consumer = clients.consumer(Map.of("group.id", topic))) {
            Rebalances rebalances = new Rebalances();
            consumer.subscribe(List.of(topic), rebalances);
            await().until(() -> rebalances.assigned(consumer) == 1);

            clock.advance(Duration.ofMinutes(5));

            await().until(() -> rebalances.assigned(consumer) == 2);
            assertThat(rebalances.lost()).isEqualTo(1);
        }
    }

    @Test
    void aMemberWhoseConnectionEndsDuringItsFirstJoinIsKeptForOneSession() {
        clients.create(topic, 1, Map.of());
        Map<String, Object> settings = Map.of("group.id", topic, "heartbeat.interval.ms", 100);
        try (var consumer = clients.consumer(settings);
                var admin = clients.admin()) {
            Rebalances rebalances = new Rebalances();
            consumer.subscribe(List.of(topic), rebalances);
            await().until(() -> rebalances.assigned(consumer) == 1);
            try (var joining = new WireClient("127.0.0.1", broker.port())) {
                joining.send(ApiKeys.JOIN_GROUP, 3, join());
                await().until(() -> members(admin) == 2);
            }

            await().until(() -> {
                clock.advance(Duration.ofSeconds(1));
                return members(admin) == 1;
            });
        }
    }

    private JoinGroupRequestData join() {
        JoinGroupRequestData join = new JoinGroupRequestData()
                .setGroupId(topic)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(6000)
                .setRebalanceTimeoutMs(300_000);
        join.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[0]));
        return join;
    }

    private int members(Admin admin) {
        return done(admin.describeConsumerGroups(List.of(topic)).all())
                .get(topic)
                .members()
                .size();
    }

    @Test
    void aTransactionTimesOut() throws Exception {
        clients.create(topic, 1, Map.of());
        Map<String, Object> settings = Map.of("transactional.id", topic, "transaction.timeout.ms", 60_000);
        try (var producer = clients.producer(settings)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "late")).get();

            clock.advance(Duration.ofMinutes(2));

            try (var admin = clients.admin()) {
                await().until(() ->
                        done(admin.describeProducers(List.of(partition)).partitionResult(partition))
                                .activeProducers()
                                .stream()
                                .allMatch(each ->
                                        each.currentTransactionStartOffset().isEmpty()));
            }
            assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
        }
        try (var next = clients.producer(settings)) {
            next.initTransactions();
            next.beginTransaction();
            next.send(new ProducerRecord<>(topic, "in time"));
            next.commitTransaction();
        }
        try (var consumer = clients.consumer(Map.of("isolation.level", "read_committed"))) {
            consumer.assign(List.of(partition));
            assertThat(Clients.values(Clients.poll(consumer, 1))).containsExactly("in time");
        }
    }

    @Test
    void producersAndCommittedOffsetsExpire() {
        clients.create(topic, 1, Map.of());
        clients.send(topic, List.of("a"), Map.of());
        try (var consumer = clients.consumer(Map.of("group.id", topic))) {
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(1)));
        }
        try (var admin = clients.admin()) {
            clock.advance(Duration.ofDays(8));

            await().until(() -> done(admin.describeProducers(List.of(partition)).partitionResult(partition))
                    .activeProducers()
                    .isEmpty());
            await().until(() -> done(admin.listConsumerGroupOffsets(topic).partitionsToOffsetAndMetadata())
                    .isEmpty());
        }
    }

    @Test
    void theTimeOfAppendsStandsStillAndMoves() {
        clients.create(topic, 1, Map.of("message.timestamp.type", "LogAppendTime"));

        clock.freeze();
        Instant begun = clock.now();
        clients.send(topic, List.of("a"), Map.of());
        clock.advance(Duration.ofHours(1));
        clients.send(topic, List.of("b"), Map.of());

        assertThat(clients.read(topic, 0, 2))
                .extracting(record -> Instant.ofEpochMilli(record.timestamp()))
                .containsExactly(begun, begun.plus(Duration.ofHours(1)));
        clock.unfreeze();
        await().until(() -> clock.now().isAfter(begun.plus(Duration.ofHours(1))));
    }

    @Test
    void theClockDoesNotGoBack() {
        assertThatThrownBy(() -> clock.advance(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
