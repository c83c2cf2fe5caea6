package io.aeon.coordinator.group.consumer;

import io.aeon.coordinator.group.GroupDriver;
import io.aeon.coordinator.group.command.ConsumerGroupRequest.ConsumerHeartbeat;
import io.aeon.coordinator.group.command.ConsumerHeartbeatResult;
import io.aeon.coordinator.group.record.AssignmentEpochs;
import io.aeon.coordinator.group.record.PartitionsByTopic;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A client of the consumer protocol: its heartbeats, and what it does with the answers. */
public final class SimulatedConsumer {
    static final int REBALANCE_TIMEOUT_MS = 30_000;

    final @Nullable String instanceId;
    String memberId;
    Set<String> topics;
    String regex = "";
    int epoch;

    /** The partitions that it uses. */
    PartitionsByTopic owned = PartitionsByTopic.NONE;

    /** The partitions that it should use. */
    private PartitionsByTopic assigned = PartitionsByTopic.NONE;

    private boolean tellsAll = true;
    private boolean tellsOwned = true;
    int intervalMs;

    public SimulatedConsumer(String memberId, @Nullable String instanceId, Set<String> topics) {
        this.memberId = memberId;
        this.instanceId = instanceId;
        this.topics = topics;
    }

    /** Gives up all partitions, as after a fencing, and joins again with the next heartbeat. */
    void rejoin() {
        epoch = 0;
        tellsAll = true;
        tellsOwned = true;
        owned = PartitionsByTopic.NONE;
        assigned = PartitionsByTopic.NONE;
    }

    public void subscribe(Set<String> other) {
        topics = other;
        tellsAll = true;
    }

    /** Revokes what it should not use any more and takes what it should use. */
    public void reconcile() {
        if (!owned.equals(assigned)) {
            owned = assigned;
            tellsOwned = true;
        }
    }

    /**
     * Takes new partitions at once unless it has to revoke some first. Otherwise a report without them, whose answer is
     * lost, would tell the coordinator that they are free.
     */
    private void takeNew() {
        if (AssignmentEpochs.of(assigned, 0).containsAll(owned)) {
            reconcile();
        }
    }

    boolean isReconciled() {
        return owned.equals(assigned) && !tellsOwned;
    }

    public ConsumerHeartbeat heartbeat(CompletableFuture<ConsumerHeartbeatResult> reply) {
        boolean all = tellsAll || epoch == 0;
        return request(
                epoch,
                all ? REBALANCE_TIMEOUT_MS : -1,
                all ? topics : null,
                all ? regex : null,
                all || tellsOwned ? owned : null,
                reply);
    }

    public ConsumerHeartbeat leave(int leaveEpoch, CompletableFuture<ConsumerHeartbeatResult> reply) {
        return request(leaveEpoch, -1, null, null, null, reply);
    }

    private ConsumerHeartbeat request(
            int memberEpoch,
            int rebalanceTimeoutMs,
            @Nullable Set<String> names,
            @Nullable String pattern,
            @Nullable PartitionsByTopic reported,
            CompletableFuture<ConsumerHeartbeatResult> reply) {
        return new ConsumerHeartbeat(
                memberId,
                memberEpoch,
                instanceId,
                null,
                rebalanceTimeoutMs,
                names,
                pattern,
                null,
                reported,
                "client",
                "/127.0.0.1",
                reply);
    }

    /** The answer to its last heartbeat has arrived. */
    void receive(ConsumerHeartbeatResult result) {
        switch (result.error()) {
            case NONE -> {
                epoch = result.memberEpoch();
                intervalMs = result.heartbeatIntervalMs();
                tellsAll = false;
                tellsOwned = false;
                if (result.assignment() != null) {
                    assigned = result.assignment();
                    takeNew();
                }
            }
            case UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH, GROUP_ID_NOT_FOUND -> rejoin();
            case COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, UNRELEASED_INSTANCE_ID -> lostReply();
            default -> throw new AssertionError(result.error() + ": " + result.message());
        }
    }

    /** The answer to its last heartbeat does not arrive: the next one tells everything. */
    void lostReply() {
        tellsAll = true;
        tellsOwned = true;
    }

    /** Sends a heartbeat that must be answered at once, and takes the answer. */
    public ConsumerHeartbeatResult beat(GroupDriver group) {
        ConsumerHeartbeatResult result = group.tell(this::heartbeat);
        receive(result);
        return result;
    }

    /** As {@link #beat}, for a heartbeat that must succeed; afterwards it reconciles. */
    public ConsumerHeartbeatResult follow(GroupDriver group) {
        ConsumerHeartbeatResult result = beat(group);
        if (result.error() != Errors.NONE) {
            throw new AssertionError(result.toString());
        }
        reconcile();
        return result;
    }

    @Override
    public String toString() {
        return memberId + " at " + epoch + " owns " + owned + " of " + assigned;
    }
}
