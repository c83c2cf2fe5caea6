package io.aeon.e2e;

import static io.aeon.e2e.Clients.done;
import static io.aeon.e2e.GroupMembers.untilSeen;
import static io.aeon.e2e.GroupMembers.untilShared;
import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.embedded.Aeon;
import io.aeon.embedded.AeonBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of the consumer protocol (KIP-848) with Kafka's Java consumer. */
class ConsumerProtocolIT {
    private static final int PARTITIONS = 6;

    private static Aeon broker;
    private static Clients clients;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = builder().start();
        clients = new Clients(broker);
        admin = clients.admin();
    }

    private static AeonBuilder builder() {
        return Aeon.builder()
                .set("aeon.kafka.group.consumer.min.heartbeat.interval.ms", 100)
                .set("aeon.kafka.group.consumer.heartbeat.interval.ms", 300)
                .set("aeon.kafka.group.consumer.min.session.timeout.ms", 1000);
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "range"})
    void membersShareThePartitionsAsTheyComeAndGo(String assignor) {
        String topic = "shared-" + assignor;
        clients.create(topic, PARTITIONS, Map.of());
        Map<String, Object> settings = Map.of("group.id", topic, "group.remote.assignor", assignor);
        try (var first = subscribed(topic, settings)) {
            untilShared(List.of(first), PARTITIONS);
            try (var second = subscribed(topic, settings);
                    var third = subscribed(topic, settings)) {
                untilShared(List.of(first, second, third), PARTITIONS);
                assertThat(second.assignment()).hasSize(PARTITIONS / 3);
                assertThat(describe(topic).partitionAssignor()).isEqualTo(assignor);
            }
            untilShared(List.of(first), PARTITIONS);
        }
    }

    @Test
    void everyRecordIsDeliveredOnceWhileMembersComeGoAndCrash() {
        clients.create("work", PARTITIONS, Map.of());
        setSession("workers", "5000");
        Map<String, Object> settings = Map.of("group.id", "workers", "max.poll.records", 50);
        Set<String> seen = new HashSet<>();
        clients.sendWithKeys("work", 3_000);
        try (var first = subscribed("work", settings)) {
            untilShared(List.of(first), PARTITIONS, seen);
            var second = subscribed("work", settings);
            untilShared(List.of(first, second), PARTITIONS, seen);
            second.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP));
            untilShared(List.of(first), PARTITIONS, seen);
            untilSeen(first, 3_000, seen);
        }
    }

    @Test
    void aRestartedStaticMemberKeepsItsPartitionsWithoutARebalance() {
        clients.create("static", PARTITIONS, Map.of());
        Map<String, Object> bouncing = Map.of("group.id", "static", "group.instance.id", "bouncing");
        try (var steady = subscribed("static", Map.of("group.id", "static", "group.instance.id", "steady"))) {
            Set<TopicPartition> before;
            try (var member = subscribed("static", bouncing)) {
                untilShared(List.of(steady, member), PARTITIONS);
                before = Set.copyOf(member.assignment());
            }
            Set<TopicPartition> steadyBefore = Set.copyOf(steady.assignment());
            try (var member = subscribed("static", bouncing)) {
                untilShared(List.of(steady, member), PARTITIONS);
                assertThat(member.assignment()).isEqualTo(before);
                assertThat(steady.assignment()).isEqualTo(steadyBefore);
            }
        }
    }

    @Test
    void listenersSeeEachPartitionRevokedBeforeItIsAssignedElsewhere() {
        clients.create("listened", PARTITIONS, Map.of());
        List<String> events = java.util.Collections.synchronizedList(new ArrayList<>());
        try (var first = clients.consumer(settings(Map.of("group.id", "listened")));
                var second = clients.consumer(settings(Map.of("group.id", "listened")))) {
            first.subscribe(List.of("listened"), recording("first", events));
            untilShared(List.of(first), PARTITIONS);
            second.subscribe(List.of("listened"), recording("second", events));
            untilShared(List.of(first, second), PARTITIONS);
            for (TopicPartition partition : second.assignment()) {
                assertThat(events.indexOf("first revoked " + partition))
                        .isBetween(0, events.indexOf("second assigned " + partition));
            }
        }
    }

    @Test
    void aNewConsumerContinuesAtTheCommittedOffset() {
        clients.create("progress", 1, Map.of());
        clients.send("progress", List.of("a", "b", "c", "d"), Map.of());
        TopicPartition partition = new TopicPartition("progress", 0);
        Map<String, Object> settings = Map.of("group.id", "progress", "enable.auto.commit", false);
        try (var consumer = subscribed("progress", settings)) {
            Clients.poll(consumer, 4);
            List<String> outcomes = java.util.Collections.synchronizedList(new ArrayList<>());
            consumer.commitAsync(
                    Map.of(partition, new OffsetAndMetadata(2)),
                    (offsets, failure) -> outcomes.add(failure == null ? "committed" : failure.toString()));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(3, "note")));
            assertThat(consumer.committed(Set.of(partition)).get(partition).metadata())
                    .isEqualTo("note");
            Awaitility.await().atMost(Clients.PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(20));
                return outcomes.size() == 1;
            });
            assertThat(outcomes).containsExactly("committed");
        }

        try (var consumer = subscribed("progress", settings)) {
            assertThat(Clients.values(Clients.poll(consumer, 1))).containsExactly("d");
        }
    }

    @Test
    void aRegularExpressionFindsTopicsThatExistAndThoseThatCome() {
        clients.create("metrics-a", 1, Map.of());
        clients.create("other-a", 1, Map.of());
        try (var consumer = clients.consumer(settings(Map.of("group.id", "regex")))) {
            consumer.subscribe(new SubscriptionPattern("metrics-.*"));
            untilShared(List.of(consumer), 1);
            clients.create("metrics-b", 2, Map.of());
            untilShared(List.of(consumer), 3);
        }
    }

    @Test
    void newPartitionsAreAssigned() {
        clients.create("growing", 1, Map.of());
        try (var consumer = subscribed("growing", Map.of("group.id", "growing"))) {
            untilShared(List.of(consumer), 1);
            done(admin.createPartitions(Map.of("growing", org.apache.kafka.clients.admin.NewPartitions.increaseTo(3)))
                    .all());
            untilShared(List.of(consumer), 3);
        }
    }

    @Test
    void groupsAreDescribedListedConfiguredAndDeleted() {
        clients.create("seen", 2, Map.of());
        TopicPartition partition = new TopicPartition("seen", 0);
        try (var consumer = subscribed("seen", Map.of("group.id", "seen", "client.id", "watcher"))) {
            untilShared(List.of(consumer), 2);
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)));

            Awaitility.await().until(() -> describe("seen").groupState() == GroupState.STABLE);
            ConsumerGroupDescription described = describe("seen");
            assertThat(described.type()).isEqualTo(GroupType.CONSUMER);
            assertThat(described.members()).singleElement().satisfies(member -> {
                assertThat(member.clientId()).isEqualTo("watcher");
                assertThat(member.assignment().topicPartitions()).hasSize(2);
                assertThat(member.upgraded()).contains(true);
            });
            assertThat(listed(GroupType.CONSUMER)).contains("seen");
            assertThat(listed(GroupType.CLASSIC)).doesNotContain("seen");
        }
        Awaitility.await().until(() -> describe("seen").groupState() == GroupState.EMPTY);
        ConfigResource group = setSession("seen", "7000");
        assertThat(done(admin.describeConfigs(List.of(group)).all())
                        .get(group)
                        .get("consumer.session.timeout.ms")
                        .value())
                .isEqualTo("7000");
        done(admin.deleteConsumerGroupOffsets("seen", Set.of(partition)).all());
        done(admin.deleteConsumerGroups(List.of("seen")).all());
        assertThat(listed(GroupType.CONSUMER)).doesNotContain("seen");
    }

    @Test
    void anEmptyGroupTakesTheProtocolOfItsNextMember() {
        clients.create("changing", 1, Map.of());
        for (String protocol : List.of("consumer", "classic", "consumer")) {
            clients.send("changing", List.of(protocol), Map.of());
            try (var consumer = clients.consumer(Map.of("group.id", "changing", "group.protocol", protocol))) {
                consumer.subscribe(List.of("changing"));
                assertThat(Clients.poll(consumer, 1)).hasSize(1);
                consumer.commitSync();
            }
        }
    }

    @Test
    void membersContinueAfterARestartOfTheBroker(@TempDir Path dir) {
        AeonBuilder restarted = builder().dataDirectory(dir).set("aeon.listeners.client.port", RestartPorts.next());
        Aeon broker = restarted.start();
        int port = broker.port();
        try {
            Clients own = new Clients(broker);
            own.create("kept", PARTITIONS, Map.of());
            // The members leave before the broker stops: each would wait its half minute for a broker that is gone.
            try (var one = own.consumer(settings(Map.of("group.id", "kept")));
                    var two = own.consumer(settings(Map.of("group.id", "kept")))) {
                one.subscribe(List.of("kept"));
                two.subscribe(List.of("kept"));
                untilShared(List.of(one, two), PARTITIONS);
                Set<TopicPartition> before = Set.copyOf(one.assignment());
                broker.close();
                broker = restarted.start();
                assertThat(broker.port()).isEqualTo(port);
                one.poll(Duration.ofMillis(500));
                two.poll(Duration.ofMillis(500));
                one.commitSync();
                untilShared(List.of(one, two), PARTITIONS);
                assertThat(one.assignment()).isEqualTo(before);
            }
        } finally {
            broker.close();
        }
    }

    private static ConfigResource setSession(String group, String ms) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        ConfigEntry session = new ConfigEntry("consumer.session.timeout.ms", ms);
        done(admin.incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(session, OpType.SET))))
                .all());
        return resource;
    }

    private static List<String> listed(GroupType type) {
        return done(admin.listGroups(new ListGroupsOptions().withTypes(Set.of(type)))
                        .all())
                .stream()
                .map(each -> each.groupId())
                .toList();
    }

    private static ConsumerGroupDescription describe(String group) {
        return done(admin.describeConsumerGroups(List.of(group)).all()).get(group);
    }

    private static ConsumerRebalanceListener recording(String name, List<String> events) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                partitions.forEach(partition -> events.add(name + " revoked " + partition));
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                partitions.forEach(partition -> events.add(name + " assigned " + partition));
            }
        };
    }

    private static Map<String, Object> settings(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(Map.of("group.protocol", "consumer"));
        all.putAll(more);
        return all;
    }

    private static Consumer<String, String> subscribed(String topic, Map<String, Object> settings) {
        Consumer<String, String> consumer = clients.consumer(settings(settings));
        consumer.subscribe(List.of(topic));
        return consumer;
    }
}
