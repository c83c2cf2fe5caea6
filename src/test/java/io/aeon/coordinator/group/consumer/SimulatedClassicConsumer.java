package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.Bytes;
import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.command.GroupCommand.CommitOffsets;
import io.aeon.coordinator.group.command.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.command.GroupCommand.Join;
import io.aeon.coordinator.group.command.GroupCommand.Leave;
import io.aeon.coordinator.group.command.GroupCommand.Leaver;
import io.aeon.coordinator.group.command.GroupCommand.OffsetToCommit;
import io.aeon.coordinator.group.command.GroupCommand.Sync;
import io.aeon.coordinator.group.command.JoinResult;
import io.aeon.coordinator.group.command.LeaveResult;
import io.aeon.coordinator.group.command.OffsetCommitResult;
import io.aeon.coordinator.group.command.SyncResult;
import io.aeon.coordinator.group.environment.TopicMetadata;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import io.aeon.coordinator.group.record.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.jspecify.annotations.Nullable;

/** A consumer of the classic protocol with an eager assignor, in a group of either protocol. */
final class SimulatedClassicConsumer {
    static final int SESSION_MS = 10_000;
    private static final Protocol SUBSCRIPTION = subscription();

    private final GroupDriver group;
    private String memberId = "";
    private int generation = -1;
    PartitionsByTopic owned = PartitionsByTopic.NONE;
    private @Nullable CompletableFuture<JoinResult> joining;
    private @Nullable CompletableFuture<SyncResult> syncing;
    private @Nullable CompletableFuture<Errors> beating;
    private @Nullable CompletableFuture<OffsetCommitResult> committing;
    private boolean joined;

    SimulatedClassicConsumer(GroupDriver group) {
        this.group = group;
    }

    private static Protocol subscription() {
        ByteBuffer bytes = MessageUtil.toVersionPrefixedByteBuffer(
                (short) 3, new ConsumerProtocolSubscription().setTopics(List.of("a")));
        return new Protocol("range", bytes(bytes));
    }

    private static Bytes bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return Bytes.of(bytes);
    }

    /** Takes an answer that has arrived, or sends the next request. */
    void act() {
        if (joining != null) {
            if (joining.isDone()) {
                JoinResult result = joining.join();
                joining = null;
                onJoined(result);
            }
        } else if (syncing != null) {
            if (syncing.isDone()) {
                SyncResult result = syncing.join();
                syncing = null;
                onSynced(result);
            }
        } else if (beating != null) {
            if (beating.isDone()) {
                Errors error = beating.join();
                beating = null;
                onBeat(error);
            }
        } else if (joined) {
            beating = group.ask(reply -> new Heartbeat(memberId, null, generation, reply));
        } else {
            joining = group.ask(reply -> new Join(
                    memberId,
                    null,
                    "c",
                    "/h",
                    SimulatedConsumer.REBALANCE_TIMEOUT_MS,
                    SESSION_MS,
                    "consumer",
                    List.of(SUBSCRIPTION),
                    true,
                    true,
                    "",
                    reply));
        }
    }

    private void onJoined(JoinResult result) {
        switch (result.error()) {
            case NONE -> {
                memberId = result.memberId();
                generation = result.generation();
                Map<String, Bytes> assignments = result.leader().equals(memberId) ? assign(result) : Map.of();
                syncing = group.ask(
                        reply -> new Sync(memberId, null, generation, "consumer", "range", assignments, reply));
            }
            case MEMBER_ID_REQUIRED -> memberId = result.memberId();
            default -> recover(result.error());
        }
    }

    /** The first member gets the even partitions, the second one the odd ones. */
    private Map<String, Bytes> assign(JoinResult result) {
        TopicMetadata topic = group.topics().topic("a").orElseThrow();
        Map<String, Bytes> assignments = new HashMap<>();
        int members = result.members().size();
        for (int i = 0; i < members; i++) {
            List<Integer> numbers = new ArrayList<>();
            for (int partition = i; partition < topic.partitions(); partition += members) {
                numbers.add(partition);
            }
            assignments.put(
                    result.members().get(i).memberId(),
                    ConsumerProtocol.encode(
                            PartitionsByTopic.of(Map.of(topic.id(), numbers)), SUBSCRIPTION, group.topics()));
        }
        return assignments;
    }

    private void onSynced(SyncResult result) {
        if (result.error() == Errors.NONE) {
            joined = true;
            owned = ConsumerProtocol.assignment(result.assignment(), group.topics())
                    .orElseThrow();
        } else {
            recover(result.error());
        }
    }

    private void onBeat(Errors error) {
        if (error != Errors.NONE) {
            recover(error);
        }
    }

    private void recover(Errors error) {
        owned = PartitionsByTopic.NONE;
        joined = false;
        switch (error) {
            case UNKNOWN_MEMBER_ID -> memberId = "";
            case REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION, NOT_COORDINATOR -> {}
            default -> throw new AssertionError(error.toString());
        }
    }

    /** Whether the client waits for nothing: with its next action it reports that it is alive. */
    boolean isStable() {
        return joined && beating == null;
    }

    /** Commits an offset of its generation, and takes the answer to the commit before. */
    void commit() {
        if (committing != null && committing.isDone()) {
            Errors error = committing.join().error();
            committing = null;
            if (error == Errors.UNKNOWN_MEMBER_ID || error == Errors.ILLEGAL_GENERATION) {
                recover(error);
            }
        }
        if (joined && committing == null) {
            TopicMetadata topic = group.topics().topic("a").orElseThrow();
            TopicIdPartition partition = new TopicIdPartition(topic.id(), new TopicPartition("a", 0));
            committing = group.ask(reply -> new CommitOffsets(
                    memberId, null, generation, -1, false, List.of(new OffsetToCommit(partition, 1, -1, null)), reply));
        }
    }

    /** The request that waits for other members, null if none does. */
    @Nullable
    CompletableFuture<?> waiting() {
        return joining != null ? joining : syncing;
    }

    void leave() {
        group.<LeaveResult>ask(reply -> new Leave(List.of(new Leaver(memberId, null, "")), reply));
    }

    /** The broker has crashed: answers do not arrive any more. */
    void disconnect() {
        if (joining != null || syncing != null) {
            joined = false;
            owned = PartitionsByTopic.NONE;
        }
        joining = null;
        syncing = null;
        beating = null;
        committing = null;
    }

    @Override
    public String toString() {
        return memberId + " at " + generation + " owns " + owned + (joined ? " joined" : "");
    }
}
