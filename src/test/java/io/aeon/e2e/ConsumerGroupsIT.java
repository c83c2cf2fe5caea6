package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static io.aeon.e2e.GroupMembers.untilSeen;
import static io.aeon.e2e.GroupMembers.untilShared;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.embedded.Aeon;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classic consumer groups with Kafka's Java consumer. */
class ConsumerGroupsIT {
    private static final int PARTITIONS = 6;

    private static Aeon broker;
    private static Clients clients;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = Aeon.builder().start();
        clients = new Clients(broker);
        admin = clients.admin();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(classes = {RangeAssignor.class, CooperativeStickyAssignor.class})
    void membersShareThePartitionsAsTheyComeAndGo(Class<?> assignor) {
        String topic = "shared-" + assignor.getSimpleName();
        clients.create(topic, PARTITIONS, Map.of());
        Map<String, Object> settings = Map.of("group.id", topic, "partition.assignment.strategy", assignor.getName());
        try (var first = subscribed(topic, settings)) {
            untilShared(List.of(first), PARTITIONS);
            try (var second = subscribed(topic, settings);
                    var third = subscribed(topic, settings)) {
                untilShared(List.of(first, second, third), PARTITIONS);
                assertThat(second.assignment()).hasSize(PARTITIONS / 3);
            }
            untilShared(List.of(first), PARTITIONS);
        }
    }

    @Test
    void everyRecordIsDeliveredThroughRebalances() {
        clients.create("work", PARTITIONS, Map.of());
        Map<String, Object> settings = Map.of("group.id", "workers", "max.poll.records", 50);
        Set<String> seen = new HashSet<>();
        clients.sendWithKeys("work", 3_000);
        try (var first = subscribed("work", settings)) {
            untilShared(List.of(first), PARTITIONS, seen);
            try (var second = subscribed("work", settings)) {
                untilShared(List.of(first, second), PARTITIONS, seen);
            }
            untilSeen(first, 3_000, seen);
        }
    }

    @Test
    void aRestartedStaticMemberKeepsItsPartitionsWithoutARebalance() {
        clients.create("static", PARTITIONS, Map.of());
        Map<String, Object> bouncing = Map.of("group.id", "static", "group.instance.id", "bouncing");
        try (var steady = subscribed("static", Map.of("group.id", "static", "group.instance.id", "steady"))) {
            Set<TopicPartition> steadyBefore;
            Set<TopicPartition> before;
            int generation;
            try (var member = subscribed("static", bouncing)) {
                untilShared(List.of(steady, member), PARTITIONS);
                before = Set.copyOf(member.assignment());
                steadyBefore = Set.copyOf(steady.assignment());
                generation = steady.groupMetadata().generationId();
            }
            try (var member = subscribed("static", bouncing)) {
                Awaitility.await().atMost(Clients.PATIENCE).until(() -> {
                    member.poll(Duration.ofMillis(20));
                    steady.poll(Duration.ofMillis(20));
                    return !member.assignment().isEmpty();
                });
                assertThat(member.assignment()).isEqualTo(before);
                assertThat(steady.assignment()).isEqualTo(steadyBefore);
                assertThat(member.groupMetadata().generationId()).isEqualTo(generation);
            }
        }
    }

    @Test
    void aNewConsumerContinuesAtTheCommittedOffset() {
        clients.create("progress", 1, Map.of());
        clients.send("progress", List.of("a", "b", "c", "d"), Map.of());
        TopicPartition partition = new TopicPartition("progress", 0);
        try (var consumer = subscribed("progress", Map.of("group.id", "progress", "enable.auto.commit", false))) {
            Clients.poll(consumer, 4);
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(3, "note")));
            assertThat(consumer.committed(Set.of(partition)).get(partition).metadata())
                    .isEqualTo("note");
        }

        try (var consumer = subscribed("progress", Map.of("group.id", "progress", "enable.auto.commit", false))) {
            assertThat(Clients.values(Clients.poll(consumer, 1))).containsExactly("d");
        }
    }

    @Test
    void groupsAreDescribedListedAndDeleted() {
        clients.create("seen", 2, Map.of());
        try (var consumer = subscribed("seen", Map.of("group.id", "seen", "client.id", "watcher"))) {
            untilShared(List.of(consumer), 2);
            consumer.commitSync(Map.of(new TopicPartition("seen", 0), new OffsetAndMetadata(0)));

            assertThat(describe("seen").groupState()).isEqualTo(GroupState.STABLE);
            assertThat(describe("seen").members()).singleElement().satisfies(member -> {
                assertThat(member.clientId()).isEqualTo("watcher");
                assertThat(member.assignment().topicPartitions()).hasSize(2);
            });
        }
        Awaitility.await().atMost(Clients.PATIENCE).until(() -> describe("seen").groupState() == GroupState.EMPTY);
        assertThat(done(admin.listGroups().all()))
                .anyMatch(group -> group.groupId().equals("seen"));

        done(admin.deleteConsumerGroupOffsets("seen", Set.of(new TopicPartition("seen", 0)))
                .all());
        assertThat(done(admin.listConsumerGroupOffsets("seen").partitionsToOffsetAndMetadata()))
                .doesNotContainKey(new TopicPartition("seen", 0));
        done(admin.deleteConsumerGroups(List.of("seen")).all());
        assertThat(done(admin.listGroups().all()))
                .noneMatch(group -> group.groupId().equals("seen"));
    }

    @Test
    void offsetsOfAnIdleGroupCanBeReset() {
        clients.create("reset", 1, Map.of());
        clients.send("reset", List.of("a", "b"), Map.of());
        TopicPartition partition = new TopicPartition("reset", 0);

        done(admin.alterConsumerGroupOffsets("reset", Map.of(partition, new OffsetAndMetadata(1)))
                .all());

        try (var consumer = subscribed("reset", Map.of("group.id", "reset"))) {
            assertThat(Clients.values(Clients.poll(consumer, 1))).containsExactly("b");
        }
    }

    private static ConsumerGroupDescription describe(String group) {
        return done(admin.describeConsumerGroups(List.of(group)).all()).get(group);
    }

    private static Consumer<String, String> subscribed(String topic, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of("heartbeat.interval.ms", 200));
        all.putAll(settings);
        Consumer<String, String> consumer = clients.consumer(all);
        consumer.subscribe(List.of(topic));
        return consumer;
    }
}
