package io.aeon.e2e;

import static io.aeon.e2e.Clients.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.control.BrokerDisk;
import io.aeon.control.InjectedFault;
import io.aeon.embedded.Aeon;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What clients see of a disk that is full, slow or failing. */
class BrokerDiskIT {
    private static Aeon broker;
    private static Clients clients;
    private String topic;

    @BeforeAll
    static void start() {
        broker = Aeon.builder().set("aeon.log.flush", "sync").start();
        clients = new Clients(broker);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void createTopic(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
        clients.create(topic, 2, Map.of());
        clients.send(topic, List.of("before"), Map.of());
    }

    private static Producer<String, String> untiring() {
        return clients.producer(Map.of("retry.backoff.ms", 10, "retry.backoff.max.ms", 100));
    }

    private Future<RecordMetadata> send(Producer<String, String> producer, int partition, String value) {
        return producer.send(new ProducerRecord<>(topic, partition, null, value));
    }

    private static void arrives(Future<?> answer) throws Exception {
        answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aFullDiskHoldsUpProducersUntilThereIsSpace() throws Exception {
        recovers(broker.control().disk().full());
    }

    @Test
    void aFailingDiskHoldsUpProducersUntilItWorksAgain() throws Exception {
        recovers(broker.control().disk().fail());
    }

    private void recovers(InjectedFault fault) throws Exception {
        try (var once = clients.producer(Map.of("retries", 0, "enable.idempotence", false));
                var untiring = untiring();
                fault) {
            assertThatThrownBy(() -> arrives(send(once, 0, "refused"))).hasCauseInstanceOf(KafkaStorageException.class);
            Future<RecordMetadata> waiting = send(untiring, 0, "after");
            assertThat(Clients.values(clients.read(topic, 0, 1))).containsExactly("before");
            await().until(() -> fault.hits() > 0);
            assertThat(waiting).isNotDone();

            fault.close();

            arrives(waiting);
        }
        assertThat(Clients.values(clients.read(topic, 0, 2))).containsExactly("before", "after");
    }

    @Test
    void theOtherPartitionsAreServed() throws Exception {
        BrokerDisk disk = broker.control().disk(topic, 0);
        try (var untiring = untiring()) {
            for (Supplier<InjectedFault> begin : List.<Supplier<InjectedFault>>of(disk::full, disk::fail)) {
                InjectedFault fault = begin.get();
                try (fault) {
                    Future<RecordMetadata> waiting = send(untiring, 0, "after");
                    await().until(() -> fault.hits() > 0);
                    arrives(send(untiring, 1, "at once"));
                    assertThat(waiting).isNotDone();

                    fault.close();

                    arrives(waiting);
                }
            }
        }
    }

    @Test
    void aSlowDiskMakesProducersSlow() throws Exception {
        Duration time = Duration.ofMillis(300);
        try (var producer = clients.producer(Map.of());
                InjectedFault fault = broker.control().disk(topic, 0).slow(time)) {
            long begun = System.nanoTime();
            arrives(send(producer, 0, "late"));
            assertThat(System.nanoTime() - begun).isGreaterThan(time.toNanos());
            assertThat(fault.hits()).isPositive();
        }
    }
}
