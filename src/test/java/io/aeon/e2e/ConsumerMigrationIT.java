package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.embedded.Aeon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A group of Kafka's Java consumers moves to the consumer protocol and back, member by member, while it works. */
class ConsumerMigrationIT {
    private static final int PARTITIONS = 4;
    private static final int RECORDS_IN_A_PHASE = 400;

    private final Set<String> sent = new HashSet<>();
    private final List<String> received = new ArrayList<>();
    private final Set<TopicPartition> owned = new HashSet<>();

    @ParameterizedTest
    @ValueSource(classes = {RangeAssignor.class, CooperativeStickyAssignor.class})
    void everyRecordIsReadOnceThroughBothMigrations(Class<?> assignor) {
        try (Aeon broker = Aeon.builder()
                        .set("aeon.kafka.group.consumer.min.heartbeat.interval.ms", 100)
                        .set("aeon.kafka.group.consumer.heartbeat.interval.ms", 200)
                        .start();
                Admin admin = new Clients(broker).admin()) {
            Clients clients = new Clients(broker);
            clients.create("work", PARTITIONS, Map.of());
            Map<String, Object> classic = Map.of(
                    "group.id",
                    "workers",
                    "heartbeat.interval.ms",
                    200,
                    "partition.assignment.strategy",
                    assignor.getName());
            Map<String, Object> consumer = Map.of("group.id", "workers", "group.protocol", "consumer");
            List<Consumer<String, String>> members = new ArrayList<>();
            try (var producer = clients.producer(Map.of())) {
                members.add(subscribed(clients, classic));
                members.add(subscribed(clients, classic));
                work(producer, members);
                assertThat(type(admin)).isEqualTo(GroupType.CLASSIC);
                for (Map<String, Object> next : List.of(consumer, classic)) {
                    for (int i = 0; i < 2; i++) {
                        members.add(subscribed(clients, next));
                        work(producer, members);
                        assertThat(type(admin)).isEqualTo(GroupType.CONSUMER);
                        members.remove(0).close();
                        work(producer, members);
                    }
                }
                assertThat(type(admin)).isEqualTo(GroupType.CLASSIC);
            } finally {
                members.forEach(Consumer::close);
            }
        }
    }

    private static GroupType type(Admin admin) {
        return done(admin.describeConsumerGroups(List.of("workers")).all())
                .get("workers")
                .type();
    }

    /** The members share the partitions and read records, each once. */
    private void work(Producer<String, String> producer, List<Consumer<String, String>> members) {
        for (int i = 0; i < RECORDS_IN_A_PHASE; i++) {
            String value = "record " + sent.size();
            sent.add(value);
            var unused = producer.send(new ProducerRecord<>("work", value, value));
        }
        Awaitility.await().atMost(Clients.PATIENCE).until(() -> {
            members.forEach(each -> each.poll(Duration.ofMillis(20)).forEach(record -> received.add(record.value())));
            return received.size() >= sent.size()
                    && owned.size() == PARTITIONS
                    && members.stream().noneMatch(each -> each.assignment().isEmpty());
        });
        assertThat(received).hasSameSizeAs(sent);
        assertThat(Set.copyOf(received)).isEqualTo(sent);
    }

    private Consumer<String, String> subscribed(Clients clients, Map<String, Object> settings) {
        Consumer<String, String> consumer = clients.consumer(settings);
        consumer.subscribe(List.of("work"), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                consumer.commitSync();
                owned.removeAll(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                partitions.forEach(partition -> assertThat(owned.add(partition))
                        .as("%s has no other owner", partition)
                        .isTrue());
            }
        });
        return consumer;
    }
}
