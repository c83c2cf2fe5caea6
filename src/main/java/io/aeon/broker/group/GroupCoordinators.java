package io.aeon.broker.group;

import io.aeon.broker.coordinator.Coordinators;
import io.aeon.broker.coordinator.CoordinatorsCommand;
import io.aeon.broker.coordinator.PartitionTask;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.broker.partition.Partitions;
import io.aeon.coordinator.group.GroupCommand;
import io.aeon.coordinator.group.GroupEffects;
import io.aeon.coordinator.group.GroupListing;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.protocol.Errors;

/** The way to the coordinators of all groups. Thread-safe. */
public final class GroupCoordinators extends Coordinators<GroupCommand, GroupEffects, GroupListing> {
    private final Partitions partitions;
    private final PendingGroups pending = new PendingGroups();

    /** @param runtime delivers to the runtime of the group coordinators */
    public GroupCoordinators(
            Partitions partitions, Consumer<CoordinatorsCommand<GroupCommand, GroupEffects, GroupListing>> runtime) {
        super(runtime);
        this.partitions = partitions;
    }

    /**
     * Tells a group's coordinator a request that is made with the future of its reply.
     *
     * @param groupId not empty, unless for the requests that Kafka lets use the empty group
     * @return the reply; it never fails
     */
    public <T> CompletableFuture<T> ask(
            String groupId, Function<CompletableFuture<T>, GroupCommand.Request<T>> request) {
        CompletableFuture<T> reply = new CompletableFuture<>();
        tell(groupId, request.apply(reply));
        return reply;
    }

    /** Ends a transaction in a partition of the offsets topic; the groups concerned know it when {@code reply} is done. */
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

            /** Who writes markers asks again where it is told what any partition would tell it. */
            @Override
            public void refuse(Errors error) {
                boolean elsewhere = error == Errors.NOT_COORDINATOR || error == Errors.COORDINATOR_LOAD_IN_PROGRESS;
                reply.completeExceptionally((elsewhere ? Errors.NOT_LEADER_OR_FOLLOWER : error).exception());
            }
        });
    }

    /** Told to the groups before the coordinator hears of it, so that the next transaction finds them ready. */
    private void tellGroups(int partition, Marker marker) {
        GroupCommand ended = new GroupCommand.TransactionEnded(marker.producerId(), marker.commit());
        pending.take(partition, marker.producerId()).forEach(groupId -> tell(groupId, ended));
    }

    PendingGroups pending() {
        return pending;
    }
}
