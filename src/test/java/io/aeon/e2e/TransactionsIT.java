package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions with Kafka's own clients. */
class TransactionsIT {
    private static final TopicPartition IN = new TopicPartition("in", 0);
    private static final List<TopicPartition> OUT = List.of(new TopicPartition("out", 0), new TopicPartition("out", 1));

    @TempDir
    Path dir;

    private final int port = RestartPorts.next();
    private Aeon broker;
    private Clients clients;

    @BeforeEach
    void start() {
        open();
        clients.create("in", 1, Map.of());
        clients.create("out", 2, Map.of());
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void open() {
        broker = Aeon.builder()
                .dataDirectory(dir)
                .set("aeon.listeners.client.port", port)
                .set("aeon.kafka.transaction.abort.timed.out.transaction.cleanup.interval.ms", 100)
                .start();
        clients = new Clients(broker);
    }

    private void restart() {
        broker.close();
        open();
    }

    private Producer<String, String> producer(String id) {
        return producer(id, Map.of());
    }

    private Producer<String, String> producer(String id, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("transactional.id", id);
        Producer<String, String> producer = clients.producer(all);
        producer.initTransactions();
        return producer;
    }

    private static void write(Producer<String, String> producer, String value) {
        OUT.forEach(partition ->
                producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, value)));
        producer.flush();
    }

    private List<String> committed(int count) {
        try (var consumer = clients.consumer(Map.of("isolation.level", "read_committed"))) {
            consumer.assign(OUT);
            return Clients.poll(consumer, count).stream()
                    .map(ConsumerRecord::value)
                    .sorted()
                    .toList();
        }
    }

    private TransactionState state(Admin admin, String id) {
        return done(admin.describeTransactions(List.of(id)).all()).get(id).state();
    }

    private long committedOffset(Admin admin) {
        OffsetAndMetadata offset = done(admin.listConsumerGroupOffsets("readers")
                        .partitionsToOffsetAndMetadata())
                .get(IN);
        return offset == null ? -1 : offset.offset();
    }

    @Test
    void onlyCommittedRecordsAreRead() {
        try (Producer<String, String> producer = producer("id")) {
            for (int i = 0; i < 4; i++) {
                producer.beginTransaction();
                write(producer, "v" + i);
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }

        assertThat(committed(4)).containsExactly("v0", "v0", "v2", "v2");
        try (Admin admin = clients.admin()) {
            assertThat(done(admin.listTransactions().all()))
                    .singleElement()
                    .satisfies(listing -> assertThat(listing.transactionalId()).isEqualTo("id"));
            await().until(() -> state(admin, "id") == TransactionState.COMPLETE_ABORT);
        }
    }

    /** The abort can come before any record, and before the markers of the commit before it are written. */
    @Test
    void transactionIsAbortedRightAfterACommit() {
        try (Producer<String, String> producer = producer("t")) {
            for (int i = 0; i < 30; i++) {
                producer.beginTransaction();
                write(producer, "committed " + i);
                producer.commitTransaction();
                producer.beginTransaction();
                OUT.forEach(partition ->
                        producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, "aborted")));
                producer.abortTransaction();
            }
        }
        assertThat(committed(60)).hasSize(60).noneMatch("aborted"::equals);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void offsetsAreCommittedWithTheTransactionOrNotAtAll(boolean commit) {
        try (Producer<String, String> producer = producer("id");
                var consumer = clients.consumer(Map.of("group.id", "readers"));
                Admin admin = clients.admin()) {
            producer.beginTransaction();
            write(producer, "v");
            producer.sendOffsetsToTransaction(Map.of(IN, new OffsetAndMetadata(7)), consumer.groupMetadata());
            assertThat(committedOffset(admin)).isEqualTo(-1);
            if (commit) {
                producer.commitTransaction();
                await().until(() -> committedOffset(admin) == 7);
            } else {
                producer.abortTransaction();
                await().until(() -> state(admin, "id") == TransactionState.COMPLETE_ABORT);
                assertThat(committedOffset(admin)).isEqualTo(-1);
            }
        }
    }

    @Test
    void secondProducerFencesTheFirstAndAbortsItsOpenTransaction() {
        try (Producer<String, String> zombie = producer("id")) {
            zombie.beginTransaction();
            write(zombie, "zombie");
            try (Producer<String, String> next = producer("id")) {
                assertThatThrownBy(zombie::commitTransaction)
                        .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
                next.beginTransaction();
                write(next, "next");
                next.commitTransaction();
            }
        }

        assertThat(committed(2)).containsExactly("next", "next");
    }

    @Test
    void transactionThatLastsTooLongIsAborted() {
        try (Producer<String, String> slow = producer("id", Map.of("transaction.timeout.ms", 300));
                Admin admin = clients.admin()) {
            slow.beginTransaction();
            write(slow, "slow");
            await().until(() -> state(admin, "id") == TransactionState.COMPLETE_ABORT);
            assertThatThrownBy(slow::commitTransaction).isInstanceOf(KafkaException.class);
        }
        try (Producer<String, String> next = producer("id")) {
            next.beginTransaction();
            write(next, "next");
            next.commitTransaction();
        }

        assertThat(committed(2)).containsExactly("next", "next");
    }

    @Test
    void openTransactionContinuesAfterARestart() {
        try (Producer<String, String> producer = producer("id");
                Producer<String, String> other = producer("other")) {
            producer.beginTransaction();
            other.beginTransaction();
            write(producer, "before");
            write(other, "left open");

            restart();

            write(producer, "after");
            producer.commitTransaction();
            other.abortTransaction();
        }

        assertThat(committed(4)).containsExactly("after", "after", "before", "before");
    }
}
