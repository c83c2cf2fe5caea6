package io.aeon.e2e;

import static io.aeon.e2e.Clients.PATIENCE;
import static io.aeon.e2e.Clients.done;
import static io.aeon.e2e.Clients.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.config.AeonSettings;
import io.aeon.config.SettingsSources;
import io.aeon.control.InjectedFault;
import io.aeon.control.Requests;
import io.aeon.embedded.Aeon;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What Kafka's clients see of faults of requests and answers, and that they recover. */
class RequestFaultsIT {
    /** A client that gets no answer tries again after three seconds, on a busy machine also more than once. */
    private static final Map<String, Object> IMPATIENT =
            Map.of("request.timeout.ms", 3_000, "linger.ms", 0, "retry.backoff.ms", 10);

    private static final Map<String, Object> IMPATIENT_AND_FORGETFUL =
            Map.of("request.timeout.ms", 3_000, "linger.ms", 0, "retry.backoff.ms", 10, "enable.idempotence", false);
    private static final Map<String, Object> ONCE = Map.of("retries", 0, "enable.idempotence", false);
    private static final Map<String, Object> IMPATIENT_ONCE =
            Map.of("request.timeout.ms", 3_000, "retries", 0, "enable.idempotence", false);

    @RegisterExtension
    private static final SharedBroker broker = new SharedBroker();

    private static final Clients clients = broker.clients();
    private String topic;

    @BeforeEach
    void createTopic(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
        clients.create(topic, 2, Map.of());
    }

    private Requests produce() {
        return broker.control().requests("Produce").topic(topic);
    }

    private Future<RecordMetadata> send(Producer<String, String> producer, int partition, String value) {
        return producer.send(new ProducerRecord<>(topic, partition, null, value));
    }

    private static void arrives(Future<?> answer) throws Exception {
        answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private long recordsIn(int partition) {
        try (var admin = clients.admin()) {
            TopicPartition wanted = new TopicPartition(topic, partition);
            return done(admin.listOffsets(Map.of(wanted, OffsetSpec.latest())).partitionResult(wanted))
                    .offset();
        }
    }

    @Test
    void anErrorThatIsRetriedEndsAfterSoManyTimes() throws Exception {
        try (var producer = clients.producer(Map.of("retry.backoff.ms", 1));
                InjectedFault fault = produce().times(2).fail("NOT_ENOUGH_REPLICAS")) {
            arrives(send(producer, 0, "a"));
            assertThat(fault.hits()).isEqualTo(2);
        }
        assertThat(values(clients.read(topic, 0, 1))).containsExactly("a");
    }

    @Test
    void anErrorReachesTheProgramUntilTheFaultIsClosed() throws Exception {
        try (var producer = clients.producer(Map.of())) {
            try (InjectedFault fault = produce().fail("TOPIC_AUTHORIZATION_FAILED")) {
                assertThatThrownBy(() -> arrives(send(producer, 0, "a")))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(TopicAuthorizationException.class);
                assertThat(fault.hits()).isEqualTo(1);
            }
            arrives(send(producer, 0, "b"));
        }
        assertThat(values(clients.read(topic, 0, 1))).containsExactly("b");
    }

    @Test
    void theOtherPartitionsOfARequestAreServed() throws Exception {
        try (var producer = clients.producer(Map.of("retries", 0, "enable.idempotence", false, "linger.ms", 100));
                InjectedFault fault = produce().partition(1).fail("NOT_ENOUGH_REPLICAS")) {
            Future<RecordMetadata> good = send(producer, 0, "good");
            Future<RecordMetadata> bad = send(producer, 1, "bad");
            arrives(good);
            assertThatThrownBy(() -> arrives(bad)).hasCauseInstanceOf(NotEnoughReplicasException.class);
            assertThat(fault.hits()).isEqualTo(1);
        }
        assertThat(recordsIn(0)).isEqualTo(1);
        assertThat(recordsIn(1)).isZero();
    }

    @Test
    void theAnswerOfOnePartitionIsReplacedByAnError() throws Exception {
        try (var producer = clients.producer(Map.of("retries", 0, "enable.idempotence", false, "linger.ms", 100));
                InjectedFault fault = produce().partition(1).failReply("NOT_ENOUGH_REPLICAS_AFTER_APPEND")) {
            Future<RecordMetadata> good = send(producer, 0, "good");
            Future<RecordMetadata> bad = send(producer, 1, "bad");
            arrives(good);
            assertThatThrownBy(() -> arrives(bad)).isInstanceOf(ExecutionException.class);
            assertThat(fault.hits()).isEqualTo(1);
        }
        assertThat(recordsIn(0)).isEqualTo(1);
        assertThat(recordsIn(1)).isEqualTo(1);
    }

    @Test
    void theAnswerAboutOneTopicIsReplacedByAnError() {
        String other = topic + "-other";
        clients.create(other, 1, Map.of());
        try (var admin = clients.admin();
                InjectedFault fault = broker.control()
                        .requests("DeleteTopics")
                        .topic(topic)
                        .failReply("TOPIC_AUTHORIZATION_FAILED")) {
            var deleted = admin.deleteTopics(List.of(topic, other)).topicNameValues();
            done(deleted.get(other));
            assertThatThrownBy(() -> done(deleted.get(topic)))
                    .hasRootCauseInstanceOf(TopicAuthorizationException.class);
            assertThat(fault.hits()).isEqualTo(1);
        }
    }

    @Test
    void onlyTheNamedClientIsHit() throws Exception {
        try (var hit = clients.producer(Map.of("client.id", "hit", "retries", 0, "enable.idempotence", false));
                var spared = clients.producer(ONCE);
                InjectedFault fault = produce().clientId("hit").fail("NOT_ENOUGH_REPLICAS")) {
            arrives(send(spared, 0, "a"));
            assertThatThrownBy(() -> arrives(send(hit, 0, "b"))).hasCauseInstanceOf(NotEnoughReplicasException.class);
            assertThat(fault.hits()).isEqualTo(1);
        }
    }

    @Test
    void aDelayedRequestTakesItsTime() throws Exception {
        try (var producer = clients.producer(Map.of())) {
            arrives(send(producer, 0, "warm"));
            for (boolean reply : List.of(false, true)) {
                Duration time = Duration.ofMillis(300);
                try (InjectedFault fault =
                        reply ? produce().delayReply(time) : produce().delay(time)) {
                    long begun = System.nanoTime();
                    arrives(send(producer, 0, "late"));
                    assertThat(System.nanoTime() - begun).isGreaterThan(time.toNanos() * 9 / 10);
                    assertThat(fault.hits()).isEqualTo(1);
                }
            }
        }
        assertThat(recordsIn(0)).isEqualTo(3);
    }

    @Test
    void aLostRequestIsNotCarriedOut() throws Exception {
        try (var producer = clients.producer(IMPATIENT_ONCE);
                InjectedFault fault = produce().times(1).drop()) {
            assertThatThrownBy(() -> arrives(send(producer, 0, "a"))).isInstanceOf(ExecutionException.class);
            await().until(() -> fault.hits() == 1);
        }
        assertThat(recordsIn(0)).isZero();
    }

    @Test
    void aClientTriesAgainIfItsRequestIsLost() throws Exception {
        try (var producer = clients.producer(IMPATIENT);
                InjectedFault fault = produce().times(1).drop()) {
            arrives(send(producer, 0, "a"));
            assertThat(fault.hits()).isEqualTo(1);
        }
        assertThat(recordsIn(0)).isEqualTo(1);
    }

    @Test
    void aLostAnswerDoublesTheRecordOnlyWithoutIdempotence() throws Exception {
        try (var producer = clients.producer(IMPATIENT);
                var forgetful = clients.producer(IMPATIENT_AND_FORGETFUL)) {
            try (InjectedFault fault = produce().times(1).dropReply()) {
                arrives(send(producer, 0, "once"));
                assertThat(fault.hits()).isEqualTo(1);
            }
            try (InjectedFault fault = produce().times(1).dropReply()) {
                arrives(send(forgetful, 1, "twice"));
                assertThat(fault.hits()).isEqualTo(1);
            }
        }
        assertThat(recordsIn(0)).isEqualTo(1);
        assertThat(recordsIn(1)).isGreaterThanOrEqualTo(2);
    }

    @Test
    void heldRequestsGoOnInTheirOrderWhenTheyAreReleased() throws Exception {
        try (var producer = clients.producer(Map.of("linger.ms", 0, "batch.size", 0))) {
            InjectedFault hold = produce().hold();
            Future<RecordMetadata> first = send(producer, 0, "a");
            await().until(() -> hold.hits() == 1);
            Future<RecordMetadata> second = send(producer, 0, "b");
            await().until(() -> hold.hits() == 2);
            assertThat(recordsIn(0)).isZero();
            assertThat(first).isNotDone();

            hold.close();

            arrives(first);
            arrives(second);
        }
        assertThat(values(clients.read(topic, 0, 2))).containsExactly("a", "b");
    }

    @Test
    void aRequestIsHeldBeyondTheEndOfItsClient() {
        InjectedFault hold = produce().hold();
        try (var producer = clients.producer(ONCE)) {
            var unused = send(producer, 0, "late");
            await().until(() -> hold.hits() == 1);
            producer.close(Duration.ZERO);
        }
        assertThat(recordsIn(0)).isZero();

        hold.close();

        assertThat(values(clients.read(topic, 0, 1))).containsExactly("late");
    }

    @Test
    void aHeldAnswerIsOfARequestThatIsDone() throws Exception {
        try (var producer = clients.producer(Map.of())) {
            InjectedFault hold = produce().holdReply();
            Future<RecordMetadata> sent = send(producer, 0, "a");
            await().until(() -> hold.hits() == 1);
            assertThat(recordsIn(0)).isEqualTo(1);
            assertThat(sent).isNotDone();

            hold.close();

            arrives(sent);
        }
    }

    @Test
    void aRequestThatArrivesTwiceIsIgnoredOnceWithIdempotence() throws Exception {
        try (var producer = clients.producer(Map.of());
                var forgetful = clients.producer(ONCE);
                InjectedFault fault = produce().duplicate()) {
            arrives(send(producer, 0, "once"));
            arrives(send(forgetful, 1, "twice"));
            assertThat(fault.hits()).isEqualTo(2);
        }
        assertThat(recordsIn(0)).isEqualTo(1);
        assertThat(recordsIn(1)).isEqualTo(2);
    }

    @Test
    void aConsumerMeetsTheErrorAndReadsOn() throws Exception {
        try (var producer = clients.producer(Map.of());
                var consumer = clients.consumer(Map.of("fetch.max.wait.ms", 100))) {
            arrives(send(producer, 0, "a"));
            arrives(send(producer, 1, "b"));
            consumer.assign(List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1)));
            Clients.poll(consumer, 2);
            try (InjectedFault fault = broker.control()
                    .requests("Fetch")
                    .topic(topic)
                    .partition(0)
                    .times(1)
                    .fail("TOPIC_AUTHORIZATION_FAILED")) {
                await().untilAsserted(() -> assertThatThrownBy(() -> consumer.poll(Duration.ofMillis(50)))
                        .isInstanceOf(TopicAuthorizationException.class));
                assertThat(fault.hits()).isEqualTo(1);
            }
            arrives(send(producer, 0, "c"));
            assertThat(values(Clients.poll(consumer, 1))).containsExactly("c");
        }
    }

    @Test
    void aCommitFailsAndTheNextOneSucceeds() {
        TopicPartition partition = new TopicPartition(topic, 0);
        Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(partition, new OffsetAndMetadata(1));
        try (var consumer = clients.consumer(Map.of("group.id", topic))) {
            consumer.assign(List.of(partition));
            try (InjectedFault fault = broker.control()
                    .requests("OffsetCommit")
                    .topic(topic)
                    .times(1)
                    .fail("GROUP_AUTHORIZATION_FAILED")) {
                assertThatThrownBy(() -> consumer.commitSync(offsets)).isInstanceOf(GroupAuthorizationException.class);
                assertThat(fault.hits()).isEqualTo(1);
            }
            consumer.commitSync(offsets);
            assertThat(consumer.committed(Set.of(partition))).containsEntry(partition, offsets.get(partition));
        }
    }

    @Test
    void aRequestWithoutTopicsFailsAndIsRepeated() {
        try (var admin = clients.admin();
                InjectedFault fault =
                        broker.control().requests("FindCoordinator").times(2).fail("COORDINATOR_NOT_AVAILABLE")) {
            done(admin.listConsumerGroupOffsets(topic).partitionsToOffsetAndMetadata());
            assertThat(fault.hits()).isEqualTo(2);
        }
    }

    @Test
    void whatCannotBeSelectedIsRefused() {
        assertThatThrownBy(() -> broker.control().requests("Produced"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Kafka has no API of the name Produced");
        assertThatThrownBy(() -> broker.control().requests("Heartbeat").topic(topic))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Heartbeat requests name no topics");
        assertThatThrownBy(() -> produce().fail("NO_SUCH_ERROR"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Kafka has no error of the name NO_SUCH_ERROR");
        assertThatThrownBy(() -> produce().times(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBrokerInServiceIsNotControlled(@TempDir Path dir) {
        Map<String, Object> given = Map.of("aeon.data-dir", dir.toString(), "aeon.listeners.client.port", 0);
        try (Aeon service = Aeon.start(AeonSettings.load(SettingsSources.given(given)))) {
            assertThatThrownBy(service::control).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aBrokerThatHoldsBackRequestsStopsAtOnce() throws Exception {
        Aeon holding = Aeon.builder().set("aeon.network.drain-timeout", "1h").start();
        Clients others = new Clients(holding);
        others.create(topic, 1, Map.of());
        try (var producer = others.producer(ONCE)) {
            InjectedFault hold = holding.control().requests("Produce").hold();
            var unused = send(producer, 0, "a");
            await().until(() -> hold.hits() == 1);

            holding.close();

            assertThat(holding.whenStopped().toCompletableFuture()).isCompleted();
            producer.close(Duration.ZERO);
        }
    }
}
