package io.aeon.coordinator.group.classic;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.TransactionalWriter;
import io.aeon.coordinator.TransactionalWriter.Admission;
import io.aeon.coordinator.group.Group;
import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.command.GroupCommand.Abandoned;
import io.aeon.coordinator.group.command.GroupCommand.CommitInTransaction;
import io.aeon.coordinator.group.command.GroupCommand.ForgetTopics;
import io.aeon.coordinator.group.command.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.command.GroupCommand.Leave;
import io.aeon.coordinator.group.command.GroupCommand.Leaver;
import io.aeon.coordinator.group.command.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.command.GroupCommand.Sync;
import io.aeon.coordinator.group.command.GroupCommand.TransactionEnded;
import io.aeon.coordinator.group.command.GroupDescription;
import io.aeon.coordinator.group.command.GroupDescription.MemberDescription;
import io.aeon.coordinator.group.command.GroupState;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.JoinResult.JoinedMember;
import io.aeon.coordinator.group.command.LeaveResult;
import io.aeon.coordinator.group.command.OffsetCommitResult;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.environment.GroupSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/** A group and its clients, driven by one random generator; checks the invariants at every step. */
final class Simulation {
    private static final int PARTITIONS = 12;
    private static final int PRODUCERS = 2;
    private static final GroupSettings SETTINGS = new GroupSettings(500, 1000, 100_000, 6, 100, 36_000_000);

    private final Random random;
    private final GroupDriver group = new GroupDriver(SETTINGS);
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<CompletableFuture<?>> asked = new ArrayList<>();

    /** Members that were the leader of a generation. */
    private final Map<Integer, Set<String>> leaders = new HashMap<>();

    /** The leader whose assignment the members of a generation have received. */
    private final Map<Integer, String> assignedBy = new HashMap<>();

    /** The member that received a partition, by generation and partition. */
    private final Map<String, String> owners = new HashMap<>();

    private long committed = -1;
    private long nextOffset;
    private Uuid transactionTopic = GroupDriver.TOPIC_ID;
    private int instances;
    private int stableChecks;

    Simulation(Random random) {
        this.random = random;
    }

    int stableChecks() {
        return stableChecks;
    }

    void step() {
        group.holdAppends = random.nextInt(3) > 0;
        if (random.nextInt(10) == 0) {
            transaction();
        }
        int dice = random.nextInt(100);
        if (dice < 6) {
            String instance = random.nextInt(3) == 0 ? "instance-" + instances++ : null;
            clients.add(new SimulatedClient(instance, 8 + random.nextInt(2)));
        } else if (dice < 70) {
            everyClient();
        } else if (dice < 73 && !clients.isEmpty()) {
            crash(clients.remove(random.nextInt(clients.size())));
        } else if (dice < 77 && !clients.isEmpty()) {
            bounce(clients.get(random.nextInt(clients.size())));
        } else if (dice < 80 && !clients.isEmpty()) {
            leave(clients.get(random.nextInt(clients.size())));
        } else if (dice < 90) {
            settle();
        } else if (dice < 98) {
            group.advance(random.nextInt(600));
        } else if (dice < 99) {
            group.advance(random.nextInt(5000));
        } else {
            restart();
        }
        assertNothingCommittedIsLost();
        assertReplayEqualsState();
    }

    /** A producer commits offsets of its own topic, its transaction ends, or the topic is created again. */
    private void transaction() {
        long producerId = random.nextInt(PRODUCERS);
        int dice = random.nextInt(8);
        if (dice == 0) {
            transactionTopic = new Uuid(2, ++nextOffset);
            group.topicIs("x", transactionTopic);
            group.step(new ForgetTopics(Set.of("x")));
        } else if (dice < 4) {
            group.step(new TransactionEnded(producerId, random.nextBoolean()));
        } else {
            TopicIdPartition partition = new TopicIdPartition(transactionTopic, new TopicPartition("x", 0));
            track(group.<OffsetCommitResult>ask(reply -> new CommitInTransaction(
                    "",
                    null,
                    -1,
                    new TransactionalWriter("id", producerId, (short) 0, Admission.ADDED),
                    List.of(new OffsetToCommit(partition, dice, -1, null)),
                    reply)));
        }
    }

    /** A member id of a generation that was not stored is invalid, and the previous id may be valid again. */
    private void restart() {
        group.restart();
        clients.removeIf(SimulatedClient::isFenced);
    }

    private void settle() {
        if (group.hasAppends() && random.nextInt(8) == 0) {
            group.fail(Errors.KAFKA_STORAGE_ERROR);
        } else {
            group.settleAll();
        }
    }

    private void everyClient() {
        for (SimulatedClient client : List.copyOf(clients)) {
            if (!client.waits() && random.nextInt(3) > 0) {
                act(client);
            }
        }
    }

    private void act(SimulatedClient client) {
        JoinResult me = client.membership();
        if (client.isFenced()) {
            assertThat(commit(client)).isNotEqualTo(Errors.NONE);
        } else if (me == null) {
            join(client);
        } else if (!client.isAssigned()) {
            sync(client, me);
        } else if (random.nextInt(3) == 0) {
            commit(client);
        } else {
            client.failed(
                    group.tell(reply -> new Heartbeat(me.memberId(), client.instanceId(), me.generation(), reply)));
        }
    }

    private void join(SimulatedClient client) {
        CompletableFuture<JoinResult> join = track(group.join(client.joiner()));
        client.waitFor(join, join.thenAccept(result -> {
            client.joined(result);
            if (result.error() == Errors.NONE) {
                leaders.computeIfAbsent(result.generation(), generation -> new HashSet<>())
                        .add(result.leader());
                fenceOthers(client);
            }
        }));
    }

    /** After a static member has received its new id, no other member may use the instance id. */
    private void fenceOthers(SimulatedClient current) {
        if (current.instanceId() != null) {
            clients.stream()
                    .filter(other -> other != current && current.instanceId().equals(other.instanceId()))
                    .filter(other -> other.membership() != null)
                    .forEach(SimulatedClient::fence);
        }
    }

    private void sync(SimulatedClient client, JoinResult me) {
        Map<String, Bytes> assignments =
                me.memberId().equals(me.leader()) && !me.skipAssignment() ? assign(me) : Map.of();
        CompletableFuture<SyncResult> sync = track(group.ask(reply -> new Sync(
                me.memberId(),
                client.instanceId(),
                me.generation(),
                me.protocolType(),
                me.protocolName(),
                assignments,
                reply)));
        client.waitFor(sync, sync.thenAccept(result -> {
            if (result.error() == Errors.NONE) {
                assertAssignedOnce(client, me, result.assignment());
            }
            client.synced(result);
        }));
    }

    /** Assigns partitions round robin, and marks them with the leader's id. */
    private static Map<String, Bytes> assign(JoinResult leader) {
        Map<String, Bytes> assignments = new HashMap<>();
        List<JoinedMember> members = leader.members();
        for (int i = 0; i < members.size(); i++) {
            StringBuilder own = new StringBuilder(leader.memberId());
            for (int partition = i; partition < PARTITIONS; partition += members.size()) {
                own.append(',').append(partition);
            }
            assignments.put(members.get(i).memberId(), GroupDriver.bytes(own.toString()));
        }
        return assignments;
    }

    private void assertAssignedOnce(SimulatedClient client, JoinResult me, Bytes assignment) {
        if (assignment.equals(Bytes.NONE)) {
            return;
        }
        String[] parts = new String(assignment.array(), StandardCharsets.UTF_8).split(",", -1);
        assertThat(leaders.get(me.generation()))
                .as("an assignment comes from the leader of its generation")
                .contains(parts[0]);
        assertThat(assignedBy.computeIfAbsent(me.generation(), generation -> parts[0]))
                .as("a generation has one assignment")
                .isEqualTo(parts[0]);
        String self = client.instanceId() == null ? me.memberId() : client.instanceId();
        for (int i = 1; i < parts.length; i++) {
            assertThat(owners.computeIfAbsent(me.generation() + "/" + parts[i], partition -> self))
                    .as("partition %s in generation %s has one owner", parts[i], me.generation())
                    .isEqualTo(self);
        }
    }

    private Errors commit(SimulatedClient client) {
        JoinResult me = client.membership();
        if (me == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        long offset = nextOffset++;
        CompletableFuture<OffsetCommitResult> commit =
                track(group.commit(me.memberId(), client.instanceId(), me.generation(), "t", offset));
        client.waitFor(commit, commit.thenAccept(result -> {
            client.failed(result.error());
            if (result.error() == Errors.NONE) {
                committed = Math.max(committed, offset);
            }
        }));
        return commit.isDone() ? commit.join().error() : Errors.NONE;
    }

    private void bounce(SimulatedClient client) {
        if (client.instanceId() != null && !client.isFenced()) {
            SimulatedClient reborn = new SimulatedClient(client.instanceId(), 8 + random.nextInt(2));
            clients.add(reborn);
            join(reborn);
        }
    }

    /** The group may hear that the connection has ended over which a request of the client came. */
    private void crash(SimulatedClient client) {
        if (client.waits() && random.nextInt(4) > 0) {
            group.step(new Abandoned(client.request()));
        }
    }

    private void leave(SimulatedClient client) {
        JoinResult me = client.membership();
        if (me != null && !client.waits()) {
            clients.remove(client);
            Leaver leaver = new Leaver(me.memberId(), client.instanceId(), "");
            track(group.<LeaveResult>ask(reply -> new Leave(List.of(leaver), reply)));
        }
    }

    private <T> CompletableFuture<T> track(CompletableFuture<T> future) {
        asked.add(future);
        return future;
    }

    private void assertNothingCommittedIsLost() {
        long acknowledged = committed;
        long now = group.committed("t");
        assertThat(now).as("committed offsets never go back").isGreaterThanOrEqualTo(acknowledged);
        committed = Math.max(committed, now);
    }

    private void assertReplayEqualsState() {
        Group replayed = group.replayed();
        assertThat(GroupDriver.stored(group.group())).isEqualTo(GroupDriver.stored(replayed));
        assertThat(GroupDriver.stored(group.restored())).as("from a snapshot").isEqualTo(GroupDriver.stored(replayed));
        assertThat(group.offsets(replayed)).isEqualTo(group.offsets(group.group()));
        if (group.state() == GroupState.STABLE && !group.hasAppends()) {
            stableChecks++;
            GroupDescription live = group.describe().group();
            GroupDescription restored = group.describe(replayed).group();
            assertThat(restored.state()).isEqualTo(GroupState.STABLE);
            assertThat(restored.protocol()).isEqualTo(live.protocol());
            assertThat(assignments(restored)).isEqualTo(assignments(live));
        }
    }

    private static Map<String, Bytes> assignments(GroupDescription description) {
        return description.members().stream()
                .collect(Collectors.toMap(
                        member -> member.instanceId() == null ? member.memberId() : member.instanceId(),
                        MemberDescription::assignment));
    }

    /**
     * All clients leave, all transactions end, and the log works: every request is answered, and the group is empty.
     */
    void quiesce() {
        group.holdAppends = false;
        group.settleAll();
        clients.clear();
        for (long producerId = 0; producerId < PRODUCERS; producerId++) {
            group.step(new TransactionEnded(producerId, random.nextBoolean()));
        }
        group.advance(Joins.NEW_MEMBER_TIMEOUT_MS + 200_000);
        assertThat(asked).as("nobody waits for ever").allMatch(CompletableFuture::isDone);
        assertThat(group.group().isIdle()).isTrue();
        assertReplayEqualsState();
    }
}
