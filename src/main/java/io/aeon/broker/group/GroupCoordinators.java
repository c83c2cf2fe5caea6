package io.aeon.broker.group;

import io.aeon.broker.coordinator.AnswerTimeout;
import io.aeon.broker.coordinator.Coordinators;
import io.aeon.broker.coordinator.CoordinatorsCommand;
import io.aeon.broker.coordinator.PartitionTask;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.partition.Partitions;
import io.aeon.coordinator.group.command.GroupCommand;
import io.aeon.coordinator.group.command.GroupListing;
import io.aeon.coordinator.group.step.GroupEffects;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;

/** Delivers commands to the coordinators of all groups. Thread-safe. */
public final class GroupCoordinators extends Coordinators<GroupCommand, GroupEffects, GroupListing> {
    private final Partitions partitions;
    private final PendingGroups pending = new PendingGroups();

    /**
     * @param runtime delivers a command to the runtime of the group coordinators
     * @param timeout as in {@link Coordinators}
     */
    public GroupCoordinators(
            Partitions partitions,
            Consumer<CoordinatorsCommand<GroupCommand, GroupEffects, GroupListing>> runtime,
            AnswerTimeout timeout) {
        super(runtime, timeout);
        this.partitions = partitions;
    }

    /**
     * Sends a request to a group's coordinator.
     *
     * @param groupId not empty, except for the requests that Kafka allows with an empty group id
     * @param request creates the request from the future of its reply
     * @return the reply; it never fails
     */
    public <T> CompletableFuture<T> ask(
            String groupId, Function<CompletableFuture<T>, GroupCommand.Request<T>> request) {
        CompletableFuture<T> reply = new CompletableFuture<>();
        tell(groupId, request.apply(reply));
        return reply;
    }

    /**
     * Ends a transaction in a partition of the offsets topic. The affected groups have been notified when {@code reply}
     * completes.
     */
    public void end(Marker marker, ByteBuffer batch, CompletableFuture<AppendResult> reply) {
        int partition = marker.partition().partition();
        onPartition(partition, new PartitionTask() {
            @Override
            public void run() {
                CompletableFuture<AppendResult> appended = new CompletableFuture<>();
                partitions.tell(marker.partition(), new AppendMarker(batch, marker.transactionVersion(), appended));
                var unused = appended.whenComplete((result, failure) -> {
                    if (failure == null) {
                        tellGroups(partition, marker);
                        reply.complete(result);
                    } else {
                        reply.completeExceptionally(failure);
                    }
                });
            }

            /**
             * The sender of markers retries on the errors that every partition can return, so they replace the
             * coordinator's errors.
             */
            @Override
            public void refuse(Errors error) {
                boolean elsewhere = error == Errors.NOT_COORDINATOR || error == Errors.COORDINATOR_LOAD_IN_PROGRESS;
                reply.completeExceptionally((elsewhere ? Errors.NOT_LEADER_OR_FOLLOWER : error).exception());
            }
        });
    }

    /** Notifies the groups before the transaction coordinator, so that they are ready for the next transaction. */
    private void tellGroups(int partition, Marker marker) {
        GroupCommand ended = new GroupCommand.TransactionEnded(marker.producerId(), marker.commit());
        pending.take(partition, marker.producerId()).forEach(groupId -> tell(groupId, ended));
    }

    PendingGroups pending() {
        return pending;
    }
}
