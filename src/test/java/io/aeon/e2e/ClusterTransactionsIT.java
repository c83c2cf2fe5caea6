package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions whose coordinator, partitions and group are on three brokers in one JVM. */
class ClusterTransactionsIT {
    private static final int NODES = 3;
    private static final TopicPartition IN = new TopicPartition("in", 0);
    private static final List<TopicPartition> OUT = IntStream.range(0, NODES)
            .mapToObj(i -> new TopicPartition("out", i))
            .toList();

    private static final int SESSION_MS = 30 * 60_000;
    private static final int TRANSACTION_TIMEOUT_MS = 10 * 60_000;

    private final List<String> committed = new ArrayList<>();
    private AeonCluster cluster;
    private long lastOffset;

    @BeforeEach
    void form() {
        cluster = Aeon.cluster(NODES)
                .set("aeon.kafka.broker.session.timeout.ms", SESSION_MS)
                .set("aeon.kafka.offsets.topic.num.partitions", NODES)
                .set("aeon.kafka.transaction.state.log.num.partitions", NODES)
                .start();
        create("in", Map.of(0, List.of(1, 2, 3)));
        create("out", Map.of(0, List.of(1, 2, 3), 1, List.of(2, 3, 1), 2, List.of(3, 1, 2)));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private Clients clients() {
        return new Clients(cluster.bootstrapServers());
    }

    private <T> T ask(Function<Admin, T> question) {
        try (Admin admin = clients().admin()) {
            return question.apply(admin);
        }
    }

    private void create(String topic, Map<Integer, List<Integer>> replicas) {
        NewTopic created = new NewTopic(topic, replicas).configs(Map.of("min.insync.replicas", "2"));
        ask(admin -> done(admin.createTopics(List.of(created)).all()));
    }

    private List<TopicPartitionInfo> partitions(String topic) {
        return ask(admin -> done(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions());
    }

    private void awaitInSync(String... topics) {
        for (String topic : topics) {
            until(() -> partitions(topic).stream().allMatch(each -> each.isr().size() == NODES));
        }
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Clients.PATIENCE)
                .ignoreExceptionsMatching(failure -> true)
                .until(condition);
    }

    private Producer<String, String> producer(String id) {
        Producer<String, String> producer =
                clients().producer(Map.of("transactional.id", id, "transaction.timeout.ms", TRANSACTION_TIMEOUT_MS));
        producer.initTransactions();
        return producer;
    }

    private static void write(Producer<String, String> producer, String value) {
        OUT.forEach(to -> producer.send(new ProducerRecord<>(to.topic(), to.partition(), null, value)));
        producer.flush();
    }

    /** A part of the transaction is written while {@code meanwhile} goes on, and the other one after it. */
    private void transaction(
            Producer<String, String> producer, String group, String value, boolean commits, Runnable meanwhile) {
        producer.beginTransaction();
        write(producer, value);
        meanwhile.run();
        write(producer, value);
        OffsetAndMetadata offset = new OffsetAndMetadata(lastOffset + 1);
        try (var reader = clients().consumer(Map.of("group.id", group))) {
            producer.sendOffsetsToTransaction(Map.of(IN, offset), reader.groupMetadata());
        }
        if (commits) {
            producer.commitTransaction();
            OUT.forEach(to -> committed.addAll(List.of(value, value)));
            lastOffset++;
        } else {
            producer.abortTransaction();
        }
    }

    private void assertOnlyCommittedIsRead(String group) {
        try (var consumer = clients().consumer(Map.of("isolation.level", "read_committed"))) {
            consumer.assign(OUT);
            assertThat(Clients.poll(consumer, committed.size()))
                    .map(ConsumerRecord::value)
                    .containsExactlyInAnyOrderElementsOf(committed);
            List<ConsumerRecord<String, String>> more = new ArrayList<>();
            until(() -> {
                consumer.poll(Duration.ofMillis(50)).forEach(more::add);
                return endOffsets(consumer) == positions(consumer);
            });
            assertThat(more).isEmpty();
        }
        until(() -> ask(admin -> done(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()))
                        .get(IN)
                        .offset()
                == lastOffset);
    }

    private static long endOffsets(Consumer<?, ?> consumer) {
        return consumer.endOffsets(OUT).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static long positions(Consumer<?, ?> consumer) {
        return OUT.stream().mapToLong(consumer::position).sum();
    }

    private int coordinator(String transactionalId) {
        return ask(admin -> done(
                        admin.describeTransactions(List.of(transactionalId)).all()))
                .get(transactionalId)
                .coordinatorId();
    }

    private int groupCoordinator(String group) {
        int partition = Utils.toPositive(group.hashCode()) % NODES;
        return await().ignoreExceptions()
                .until(
                        () -> partitions("__consumer_offsets")
                                .get(partition)
                                .leader()
                                .id(),
                        leader -> leader > 0);
    }

    /** A group that another broker than this one coordinates. */
    private String groupElsewhere(int broker) {
        try (var consumer = clients().consumer(Map.of("group.id", "group 0"))) {
            consumer.commitSync(Map.of(IN, new OffsetAndMetadata(0)));
        }
        return IntStream.range(0, 100)
                .mapToObj(i -> "group " + i)
                .filter(group -> groupCoordinator(group) != broker)
                .findFirst()
                .orElseThrow();
    }

    /** Its coordinator and the leaders of its partitions are on several brokers. */
    private void assertAdministratorsSeeTheOpenTransaction() {
        Collection<TransactionListing> listed =
                ask(admin -> done(admin.listTransactions().all()));
        assertThat(listed)
                .singleElement()
                .satisfies(each -> assertThat(each.state()).isEqualTo(TransactionState.ONGOING));
        TransactionDescription described = ask(
                admin -> done(admin.describeTransactions(List.of("id")).all()).get("id"));
        assertThat(described.topicPartitions()).containsExactlyInAnyOrderElementsOf(OUT);
        Map<TopicPartition, PartitionProducerState> producers =
                ask(admin -> done(admin.describeProducers(OUT).all()));
        assertThat(producers.values())
                .hasSize(NODES)
                .allSatisfy(partition -> assertThat(partition.activeProducers())
                        .singleElement()
                        .satisfies(each -> {
                            assertThat(each.producerId()).isEqualTo(described.producerId());
                            assertThat(each.currentTransactionStartOffset()).isPresent();
                        }));
    }

    private void restart(int node) {
        cluster.start(node);
        awaitInSync("out", "__transaction_state", "__consumer_offsets");
    }

    @Test
    void transactionsGoOnWhenCoordinatorsAndLeadersStop() {
        try (Producer<String, String> producer = producer("id")) {
            int coordinator = coordinator("id");
            String group = groupElsewhere(coordinator);
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(partitions("out").stream()
                                    .map(each -> each.leader().id()))
                            .containsExactly(1, 2, 3));
            transaction(producer, group, "plain", true, () -> {});
            transaction(producer, group, "aborted", false, () -> {});
            assertOnlyCommittedIsRead(group);
            awaitInSync("out", "__transaction_state", "__consumer_offsets");

            transaction(producer, group, "coordinator stops", true, () -> cluster.stop(coordinator));
            assertOnlyCommittedIsRead(group);
            assertThat(coordinator("id")).isNotEqualTo(coordinator);
            restart(coordinator);

            int leader = groupCoordinator(group);
            transaction(producer, group, "leader stops, aborted", false, () -> cluster.stop(leader));
            transaction(producer, group, "after that", true, () -> {});
            assertOnlyCommittedIsRead(group);

            producer.beginTransaction();
            write(producer, "of a zombie");
            try (Producer<String, String> next = producer("id")) {
                assertThatThrownBy(() -> {
                            write(producer, "of a zombie");
                            producer.commitTransaction();
                        })
                        .isInstanceOfAny(ProducerFencedException.class, InvalidProducerEpochException.class);
                transaction(next, group, "of the next one", true, () -> {});
            }
            assertOnlyCommittedIsRead(group);
        }
    }

    @Test
    void producersWithoutAnEpochPerTransactionAreVerifiedByTheCoordinator() {
        ask(admin -> done(admin.updateFeatures(
                        Map.of("transaction.version", new FeatureUpdate((short) 1, UpgradeType.SAFE_DOWNGRADE)),
                        new UpdateFeaturesOptions())
                .all()));
        try (Producer<String, String> producer = producer("id")) {
            String group = groupElsewhere(coordinator("id"));
            transaction(producer, group, "first", true, () -> {});
            transaction(producer, group, "aborted", false, () -> {});
            transaction(producer, group, "second", true, this::assertAdministratorsSeeTheOpenTransaction);
            assertOnlyCommittedIsRead(group);
        }
        until(() -> ask(admin -> done(admin.describeTransactions(List.of("id")).all()))
                        .get("id")
                        .state()
                == TransactionState.COMPLETE_COMMIT);
    }
}
