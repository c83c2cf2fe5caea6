package io.aeon.coordinator.group.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.FakeTopics;
import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.command.GroupType;
import io.aeon.coordinator.group.environment.Assignors;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings.Bounded;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings.MigrationPolicy;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.environment.TopicMetadata;
import io.aeon.coordinator.group.record.MemberAssignment;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/**
 * Consumers of both protocols join and leave one group in random order, so that it changes its protocol again and
 * again, while the log may fail and the broker may crash.
 */
class MigrationScheduleTest {
    private static final int SCHEDULES = Integer.getInteger("schedules", 30);
    private static final int STEPS = 300;
    private static final int PARTITIONS = 6;
    private static final Uuid TOPIC = new Uuid(1, 1);

    @Test
    void invariantsHoldInEverySchedule() {
        long first = Long.getLong("seed", System.nanoTime());
        Set<String> types = new HashSet<>();
        for (long seed = first; seed < first + SCHEDULES; seed++) {
            try {
                MigrationPolicy policy = seed % 2 == 0 ? MigrationPolicy.BIDIRECTIONAL : MigrationPolicy.UPGRADE;
                new Schedule(new Random(seed), policy).run(types);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " fails", e);
            }
        }
        assertThat(types).contains("classic", "consumer");
    }

    /** One group with its clients. */
    private static final class Schedule {
        private final Random random;
        private final GroupDriver group;
        private final List<SimulatedConsumer> consumers = new ArrayList<>();
        private final List<SimulatedClassicConsumer> classics = new ArrayList<>();
        private final Map<SimulatedConsumer, CompletableFuture<ConsumerHeartbeatResult>> asked = new HashMap<>();
        private int ids;

        Schedule(Random random, MigrationPolicy policy) {
            this.random = random;
            FakeTopics topics = new FakeTopics(null);
            topics.put(new TopicMetadata("a", TOPIC, PARTITIONS));
            group = new GroupDriver(
                    new GroupSettings(0, 1000, 100_000, 100, 100, 36_000_000),
                    new ConsumerGroupSettings(
                            new Bounded(10_000, 0, 10_000),
                            new Bounded(1000, 0, 1000),
                            new Bounded(1000, 0, 1000),
                            100,
                            600_000,
                            Assignors.named(List.of("uniform")),
                            policy),
                    topics);
        }

        /** @param types takes the types that the group has in the meantime */
        void run(Set<String> types) {
            for (int step = 0; step < STEPS; step++) {
                step();
                type().ifPresent(types::add);
                assertOwnersAreDisjoint();
                if (!group.hasAppends()) {
                    assertThat(GroupDriver.stored(group.replayed())).isEqualTo(GroupDriver.stored(group.group()));
                    assertThat(GroupDriver.stored(group.restored()))
                            .as("from a snapshot")
                            .isEqualTo(GroupDriver.stored(group.group()));
                }
            }
            quiesce();
        }

        private void step() {
            group.holdAppends = random.nextInt(3) > 0;
            int dice = random.nextInt(100);
            if (dice < 4 && consumers.size() < 3) {
                consumers.add(new SimulatedConsumer("member-" + ids++, null, Set.of("a")));
            } else if (dice < 8 && classics.size() < 3) {
                classics.add(new SimulatedClassicConsumer(group));
            } else if (dice < 35 && !consumers.isEmpty()) {
                beat(consumers.get(random.nextInt(consumers.size())));
            } else if (dice < 65 && !classics.isEmpty()) {
                classics.get(random.nextInt(classics.size())).act();
            } else if (dice < 69 && !consumers.isEmpty()) {
                remove(consumers.get(random.nextInt(consumers.size())));
            } else if (dice < 73 && !classics.isEmpty()) {
                classics.remove(random.nextInt(classics.size())).leave();
            } else if (dice < 88) {
                settle();
            } else if (dice < 98) {
                group.advance(random.nextInt(600));
            } else if (dice < 99) {
                group.advance(random.nextInt(12_000));
            } else {
                group.restart();
                asked.keySet().forEach(SimulatedConsumer::lostReply);
                asked.clear();
                classics.forEach(SimulatedClassicConsumer::disconnect);
            }
            receive();
        }

        private void settle() {
            if (group.hasAppends() && random.nextInt(8) == 0) {
                group.fail(Errors.KAFKA_STORAGE_ERROR);
            } else if (group.hasAppends()) {
                group.settle();
            }
        }

        private void beat(SimulatedConsumer consumer) {
            if (!asked.containsKey(consumer)) {
                consumer.reconcile();
                asked.put(consumer, group.ask(consumer::heartbeat));
            }
        }

        private void receive() {
            asked.entrySet().removeIf(each -> {
                if (each.getValue().isDone()) {
                    each.getKey().receive(each.getValue().join());
                }
                return each.getValue().isDone();
            });
        }

        private void remove(SimulatedConsumer consumer) {
            if (!asked.containsKey(consumer)) {
                consumers.remove(consumer);
                if (random.nextBoolean()) {
                    group.<ConsumerHeartbeatResult>ask(reply -> consumer.leave(-1, reply));
                }
            }
        }

        private void assertOwnersAreDisjoint() {
            ConsumerGroupState state = group.members().consumer();
            Set<String> owned = new HashSet<>();
            for (String member : state.members().keySet()) {
                MemberAssignment assignment = state.assignment(member);
                add(owned, assignment.assigned().partitions());
                add(owned, assignment.revoking().partitions());
            }
        }

        private static void add(Set<String> known, PartitionsByTopic partitions) {
            partitions
                    .topics()
                    .forEach((topic, numbers) -> numbers.forEach(number ->
                            assertThat(known.add(topic + "-" + number)).isTrue()));
        }

        /** The clients that are left share all partitions, by the protocol that fits them; returns the protocol. */
        private void quiesce() {
            group.holdAppends = false;
            group.settleAll();
            receive();
            for (int round = 0; round < 100; round++) {
                for (SimulatedConsumer consumer : consumers) {
                    beat(consumer);
                    receive();
                }
                classics.forEach(SimulatedClassicConsumer::act);
                classics.forEach(SimulatedClassicConsumer::act);
                group.advance(1000);
            }
            if (consumers.isEmpty() && classics.isEmpty()) {
                return;
            }
            Set<String> owned = new HashSet<>();
            consumers.forEach(each -> add(owned, each.owned));
            classics.forEach(each -> add(owned, each.owned));
            assertThat(owned)
                    .as(() -> consumers + " and " + classics + " in " + GroupDriver.stored(group.group()))
                    .hasSize(PARTITIONS);
            GroupListing listing = group.group().listing().orElseThrow();
            assertThat(listing.state()).isEqualTo("Stable");
            if (!consumers.isEmpty()) {
                assertThat(listing.type()).isEqualTo(GroupType.CONSUMER);
            }
        }

        private Optional<String> type() {
            return group.group().listing().map(each -> each.type().toString());
        }
    }
}
