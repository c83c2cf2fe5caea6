package io.aeon.coordinator.group.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.group.FakeTopics;
import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.command.GroupCommand.Abandoned;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.environment.Assignors;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings.Bounded;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings.MigrationPolicy;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.environment.TopicMetadata;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The oldest of three members is replaced, and the broker dies in the rebalance: round by round, with all clients on one
 * clock. The group is stable again within the session timeout. If the oldest member dies when the broker is there again,
 * the group is stable within the session timeout after that, and the time in which the others hear of it.
 */
class RestartInARebalanceTest {
    private static final int SESSION_MS = SimulatedClassicConsumer.SESSION_MS;
    private static final int HEARTBEAT_MS = 1000;
    private static final int TICK_MS = 100;

    /**
     * The others hear of a member's end, and of what is to revoke, with their next heartbeats; each of their requests and
     * of the group's records takes a tick.
     */
    private static final int NOTICED_MS = 2 * HEARTBEAT_MS + 10 * TICK_MS;

    private static final int MEMBERS = 3;
    private static final int PARTITIONS = 6;
    private static final int ROUNDS = 60;
    private static final int SCHEDULES = Integer.getInteger("schedules", 10);

    @Test
    void aClassicGroupIsStableWithinTheSessionTimeout() {
        run(number -> false);
    }

    @Test
    void aConsumerGroupIsStableWithinTheSessionTimeout() {
        run(number -> true);
    }

    @Test
    void aMigratingGroupIsStableWithinTheSessionTimeout() {
        run(number -> number / 4 % 2 == 1);
    }

    private static void run(IntPredicate consumerProtocol) {
        long first = Long.getLong("seed", System.nanoTime());
        for (long seed = first; seed < first + SCHEDULES; seed++) {
            try {
                new Schedule(new Random(seed), consumerProtocol).run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " fails", e);
            }
        }
    }

    /** One client of either protocol. */
    private static final class Client {
        private final GroupDriver group;
        private final @Nullable SimulatedConsumer consumer;
        private final @Nullable SimulatedClassicConsumer classic;
        private @Nullable CompletableFuture<ConsumerHeartbeatResult> asked;
        private int untilBeatMs;

        Client(GroupDriver group, String name, boolean consumerProtocol) {
            this.group = group;
            consumer = consumerProtocol ? new SimulatedConsumer(name, null, Set.of("a")) : null;
            classic = consumerProtocol ? null : new SimulatedClassicConsumer(group);
        }

        void tick() {
            untilBeatMs -= TICK_MS;
            if (classic != null) {
                classic.commit();
                if (!classic.isStable() || untilBeatMs <= 0) {
                    untilBeatMs = classic.isStable() ? HEARTBEAT_MS : untilBeatMs;
                    classic.act();
                }
            } else if (consumer != null && asked != null) {
                if (asked.isDone()) {
                    consumer.receive(asked.join());
                    asked = null;
                    untilBeatMs = Math.min(HEARTBEAT_MS, Math.max(TICK_MS, consumer.intervalMs));
                }
            } else if (consumer != null && untilBeatMs <= 0) {
                consumer.reconcile();
                asked = group.ask(consumer::heartbeat);
            }
        }

        /** The broker has died; the client is connected to the next one after that time. */
        void disconnect(int reconnectMs) {
            untilBeatMs = reconnectMs;
            if (classic != null) {
                classic.disconnect();
            } else if (consumer != null && asked != null) {
                consumer.lostReply();
                asked = null;
            }
        }

        void leave() {
            if (classic != null) {
                classic.leave();
            } else if (consumer != null) {
                group.<ConsumerHeartbeatResult>ask(reply -> consumer.leave(-1, reply));
            }
        }

        void die() {
            CompletableFuture<?> waiting = classic == null ? null : classic.waiting();
            if (waiting != null) {
                group.step(new Abandoned(waiting));
            }
        }

        PartitionsByTopic owned() {
            return classic != null ? classic.owned : consumer == null ? PartitionsByTopic.NONE : consumer.owned;
        }

        @Override
        public String toString() {
            return String.valueOf(classic == null ? consumer : classic);
        }
    }

    /** One group with its clients. */
    private static final class Schedule {
        private final Random random;
        private final IntPredicate consumerProtocol;
        private final GroupDriver group;
        private final Deque<Client> clients = new ArrayDeque<>();
        private @Nullable Client oldest;
        private int made;

        Schedule(Random random, IntPredicate consumerProtocol) {
            this.random = random;
            this.consumerProtocol = consumerProtocol;
            FakeTopics topics = new FakeTopics(null);
            topics.put(new TopicMetadata("a", new Uuid(1, 1), PARTITIONS));
            group = new GroupDriver(
                    new GroupSettings(0, 6000, 100_000, 100, 100, 36_000_000),
                    new ConsumerGroupSettings(
                            new Bounded(SESSION_MS, 0, SESSION_MS),
                            new Bounded(HEARTBEAT_MS, 0, HEARTBEAT_MS),
                            new Bounded(HEARTBEAT_MS, 0, HEARTBEAT_MS),
                            100,
                            600_000,
                            Assignors.named(List.of("uniform")),
                            MigrationPolicy.BIDIRECTIONAL),
                    topics);
            group.holdAppends = true;
        }

        void run() {
            for (int i = 0; i < MEMBERS; i++) {
                join();
            }
            untilStable("at the beginning", SESSION_MS);
            for (int round = 0; round < ROUNDS; round++) {
                round(round);
            }
        }

        private void join() {
            clients.add(new Client(group, "member-" + made, consumerProtocol.test(made)));
            made++;
        }

        private void round(int round) {
            oldest = clients.remove();
            join();
            int goesMs = random.nextInt(2500);
            int killedMs = random.nextInt(1500);
            boolean leaves = random.nextBoolean();
            goOn(Math.min(goesMs, killedMs));
            if (goesMs < killedMs) {
                goes(leaves);
                goOn(killedMs - goesMs);
            }
            group.restart();
            clients.forEach(client -> client.disconnect(random.nextInt(HEARTBEAT_MS)));
            int limitMs = SESSION_MS;
            if (oldest != null) {
                oldest.disconnect(random.nextInt(HEARTBEAT_MS));
                goOn(goesMs - killedMs);
                goes(leaves);
                limitMs = leaves ? SESSION_MS - (goesMs - killedMs) : SESSION_MS + NOTICED_MS;
            }
            untilStable(
                    "round " + round + ", the oldest " + (leaves ? "left" : "died") + " after " + goesMs
                            + " ms, the broker after " + killedMs + " ms",
                    limitMs);
        }

        private void goes(boolean leaves) {
            if (leaves) {
                oldest.leave();
            } else {
                oldest.die();
            }
            oldest = null;
        }

        private void goOn(int ms) {
            for (int passed = 0; passed < ms; passed += TICK_MS) {
                tick();
            }
        }

        /** What was appended is durable a tick later. */
        private void tick() {
            group.settleAll();
            if (oldest != null) {
                oldest.tick();
            }
            clients.forEach(Client::tick);
            group.advance(TICK_MS);
        }

        private void untilStable(String when, int limitMs) {
            int passed = 0;
            while (!isStable()) {
                assertThat(passed).as(() -> when + ": " + this).isLessThanOrEqualTo(limitMs);
                tick();
                passed += TICK_MS;
            }
        }

        private boolean isStable() {
            Set<Integer> owned = new HashSet<>();
            int count = 0;
            for (Client client : clients) {
                for (Set<Integer> numbers : client.owned().topics().values()) {
                    owned.addAll(numbers);
                    count += numbers.size();
                }
            }
            String state = group.group().listing().map(GroupListing::state).orElse("");
            return state.equals("Stable") && owned.size() == PARTITIONS && count == PARTITIONS;
        }

        @Override
        public String toString() {
            return clients + " in " + GroupDriver.stored(group.group());
        }
    }
}
