package io.aeon.coordinator.group.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.FakeTopics;
import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupCommand.Delete;
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
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/** A group of the consumer protocol and its clients, driven by one random generator; checks the invariants. */
final class ConsumerSimulation {
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final int SESSION_MS = 10_000;
    private static final GroupSettings SETTINGS = new GroupSettings(0, 1000, 100_000, 100, 100, 36_000_000);

    private final Random random;
    private final GroupDriver group;
    private final List<SimulatedConsumer> consumers = new ArrayList<>();

    /** Clients that the broker has not heard of for some time; they may return. */
    private final List<SimulatedConsumer> silent = new ArrayList<>();

    private final Map<SimulatedConsumer, CompletableFuture<ConsumerHeartbeatResult>> asked = new HashMap<>();
    private int ids;
    private int stableChecks;

    ConsumerSimulation(Random random) {
        this.random = random;
        List<String> assignors = random.nextBoolean() ? List.of("uniform", "range") : List.of("range", "uniform");
        group = new GroupDriver(
                SETTINGS,
                new ConsumerGroupSettings(
                        new Bounded(SESSION_MS, 0, SESSION_MS),
                        new Bounded(1000, 0, 1000),
                        new Bounded(random.nextInt(2) * 1000, 0, 1000),
                        8,
                        600_000,
                        Assignors.named(assignors),
                        MigrationPolicy.DISABLED),
                new FakeTopics(null));
        group.topics().put(new TopicMetadata("a", new Uuid(1, 1), 1 + random.nextInt(6)));
    }

    int stableChecks() {
        return stableChecks;
    }

    void step() {
        group.holdAppends = random.nextInt(3) > 0;
        int dice = random.nextInt(100);
        if (dice < 6 && consumers.size() < 8) {
            arrive();
        } else if (dice < 60) {
            someone(this::beat);
        } else if (dice < 66) {
            someone(this::reconcile);
        } else if (dice < 69) {
            someone(this::fallSilent);
        } else if (dice < 72) {
            comeBack();
        } else if (dice < 76) {
            someone(this::leave);
        } else if (dice < 79) {
            someone(consumer -> consumer.subscribe(topics()));
        } else if (dice < 82) {
            growTopic();
        } else if (dice < 84) {
            group.<Errors>ask(Delete::new);
        } else if (dice < 90) {
            settle();
        } else if (dice < 98) {
            group.advance(random.nextInt(600));
        } else if (dice < 99) {
            group.advance(random.nextInt(2 * SESSION_MS));
        } else {
            restart();
        }
        group.search();
        receiveAll();
        assertOwnersAreDisjoint();
        assertReplayEqualsState();
    }

    private void someone(java.util.function.Consumer<SimulatedConsumer> action) {
        if (!consumers.isEmpty()) {
            action.accept(consumers.get(random.nextInt(consumers.size())));
        }
    }

    private void arrive() {
        String instance = random.nextInt(3) == 0 ? "instance-" + random.nextInt(3) : null;
        if (instance != null && consumers.stream().anyMatch(each -> instance.equals(each.instanceId))) {
            return;
        }
        SimulatedConsumer consumer = new SimulatedConsumer("member-" + ids++, instance, topics());
        if (random.nextInt(4) == 0) {
            consumer.regex = random.nextBoolean() ? "[ab]" : "b.*";
            consumer.topics = Set.of();
        }
        consumers.add(consumer);
    }

    private Set<String> topics() {
        Set<String> chosen = new TreeSet<>();
        NAMES.stream().filter(name -> random.nextBoolean()).forEach(chosen::add);
        return chosen;
    }

    private void beat(SimulatedConsumer consumer) {
        if (!asked.containsKey(consumer)) {
            asked.put(consumer, group.ask(consumer::heartbeat));
        }
    }

    /** A report that is on its way may not be overtaken by what the client does next. */
    private void reconcile(SimulatedConsumer consumer) {
        if (!asked.containsKey(consumer)) {
            consumer.reconcile();
        }
    }

    /** Answers arrive, or are lost. */
    private void receiveAll() {
        asked.entrySet().removeIf(each -> {
            if (!each.getValue().isDone()) {
                return false;
            }
            ConsumerHeartbeatResult result = each.getValue().join();
            if (result.error() == Errors.GROUP_MAX_SIZE_REACHED) {
                consumers.remove(each.getKey());
            } else if (random.nextInt(8) == 0) {
                each.getKey().lostReply();
            } else {
                each.getKey().receive(result);
            }
            return true;
        });
    }

    private void fallSilent(SimulatedConsumer consumer) {
        if (!asked.containsKey(consumer)) {
            consumers.remove(consumer);
            silent.add(consumer);
        }
    }

    private void comeBack() {
        if (!silent.isEmpty() && consumers.size() < 8) {
            SimulatedConsumer zombie = silent.remove(random.nextInt(silent.size()));
            if (zombie.instanceId == null) {
                consumers.add(zombie);
            }
        }
    }

    private void leave(SimulatedConsumer consumer) {
        if (asked.containsKey(consumer)) {
            return;
        }
        boolean forAWhile = consumer.instanceId != null && random.nextBoolean();
        group.<ConsumerHeartbeatResult>ask(reply -> consumer.leave(forAWhile ? -2 : -1, reply));
        consumers.remove(consumer);
        if (forAWhile && random.nextBoolean()) {
            consumers.add(new SimulatedConsumer("member-" + ids++, consumer.instanceId, consumer.topics));
        }
    }

    private void growTopic() {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        int partitions =
                group.topics().topic(name).map(TopicMetadata::partitions).orElse(0);
        group.topics().put(new TopicMetadata(name, new Uuid(1, name.charAt(0)), partitions + 1 + random.nextInt(3)));
    }

    private void settle() {
        if (group.hasAppends()) {
            if (random.nextInt(6) == 0) {
                group.fail(Errors.KAFKA_STORAGE_ERROR);
            } else {
                group.settle();
            }
        }
    }

    private void restart() {
        group.restart();
        asked.keySet().forEach(SimulatedConsumer::lostReply);
        asked.clear();
    }

    /** No partition has two owners, neither by the coordinator nor by clients that have not been fenced. */
    private void assertOwnersAreDisjoint() {
        ConsumerGroupState state = group.members().consumer();
        Set<String> owned = new HashSet<>();
        state.members().keySet().forEach(member -> {
            MemberAssignment assignment = state.assignment(member);
            addAll(owned, assignment.assigned().partitions(), state);
            addAll(owned, assignment.revoking().partitions(), state);
        });
        Set<String> used = new HashSet<>();
        consumers.stream()
                .filter(each -> state.member(each.memberId) != null)
                .filter(each -> each.epoch > 0)
                .forEach(each -> addAll(used, each.owned, List.of(consumers, state)));
    }

    private static void addAll(Set<String> known, PartitionsByTopic partitions, Object where) {
        partitions
                .topics()
                .forEach((topic, numbers) -> numbers.forEach(number -> assertThat(known.add(topic + "-" + number))
                        .as(() -> topic + "-" + number + " has one owner: " + where)
                        .isTrue()));
    }

    private void assertReplayEqualsState() {
        if (!group.hasAppends()) {
            assertThat(GroupDriver.stored(group.replayed())).isEqualTo(GroupDriver.stored(group.group()));
            assertThat(GroupDriver.stored(group.restored()))
                    .as("from a snapshot")
                    .isEqualTo(GroupDriver.stored(group.group()));
        }
    }

    /** Without further changes the group becomes stable within a few heartbeats of each member, and then stays so. */
    void quiesce() {
        group.holdAppends = false;
        group.settleAll();
        receiveAll();
        asked.clear();
        group.advance(2 * SESSION_MS + SimulatedConsumer.REBALANCE_TIMEOUT_MS);
        consumers.forEach(SimulatedConsumer::rejoin);
        for (int round = 0; round < 8; round++) {
            everyoneBeats();
            group.advance(1000);
        }
        if (consumers.isEmpty()) {
            return;
        }
        assertComplete();
        int records = group.log().size();
        everyoneBeats();
        assertThat(group.log()).as("nothing moves in a stable group").hasSize(records);
        stableChecks++;
    }

    private void everyoneBeats() {
        for (SimulatedConsumer consumer : List.copyOf(consumers)) {
            consumer.beat(group);
            group.search();
            consumer.reconcile();
        }
    }

    private void assertComplete() {
        ConsumerGroupState state = group.members().consumer();
        assertThat(group.group().listing().orElseThrow().state())
                .as(() -> consumers + " in " + state)
                .isEqualTo("Stable");
        Set<String> owned = new HashSet<>();
        consumers.forEach(consumer -> {
            assertThat(consumer.isReconciled()).as(consumer.toString()).isTrue();
            addAll(owned, consumer.owned, consumers);
        });
        Set<String> wanted = new HashSet<>();
        for (String name : SubscribedTopics.names(state)) {
            group.topics().topic(name).ifPresent(topic -> {
                for (int partition = 0; partition < topic.partitions(); partition++) {
                    wanted.add(topic.id() + "-" + partition);
                }
            });
        }
        assertThat(owned).isEqualTo(wanted);
    }
}
