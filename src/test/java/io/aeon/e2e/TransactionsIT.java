package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.embedded.Aeon;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions with Kafka's own clients. */
class TransactionsIT {
    private Aeon broker;
    private Clients clients;

    @BeforeEach
    void start() {
        broker = Aeon.builder().start();
        clients = new Clients(broker);
        clients.create("out", 2, Map.of());
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private Producer<String, String> producer(String id) {
        Producer<String, String> producer = clients.producer(Map.of("transactional.id", id));
        producer.initTransactions();
        return producer;
    }

    private List<String> committed(int count) {
        try (var consumer = clients.consumer(Map.of("isolation.level", "read_committed"))) {
            consumer.assign(List.of(
                    new org.apache.kafka.common.TopicPartition("out", 0),
                    new org.apache.kafka.common.TopicPartition("out", 1)));
            return Clients.poll(consumer, count).stream()
                    .map(ConsumerRecord::value)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void onlyWhatIsCommittedIsRead() {
        try (Producer<String, String> producer = producer("id")) {
            for (int i = 0; i < 4; i++) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("out", 0, null, "a" + i));
                producer.send(new ProducerRecord<>("out", 1, null, "b" + i));
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }

        assertThat(committed(4)).containsExactly("a0", "a2", "b0", "b2");
        try (Admin admin = clients.admin()) {
            assertThat(done(admin.listTransactions().all()))
                    .singleElement()
                    .satisfies(listing -> assertThat(listing.transactionalId()).isEqualTo("id"));
        }
    }
}
