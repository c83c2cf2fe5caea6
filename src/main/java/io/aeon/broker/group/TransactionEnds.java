package io.aeon.broker.group;

import akka.actor.typed.javadsl.ActorContext;
import io.aeon.broker.coordinator.CoordinatorPartitions;
import io.aeon.broker.group.GroupsCommand.Deliver;
import io.aeon.broker.group.GroupsCommand.EndTransaction;
import io.aeon.broker.group.GroupsCommand.MarkerAppended;
import io.aeon.broker.partition.PartitionCommand.AppendMarker;
import io.aeon.coordinator.group.GroupCommand;
import io.aeon.storage.log.AppendResult;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;

/** Ends transactions in the offsets topic: the marker is stored, then the groups are told, then the coordinator. Not thread-safe. */
final class TransactionEnds {
    private final CoordinatorPartitions<OffsetsPartition> partitions;
    private final ActorContext<GroupsCommand> context;
    private final Consumer<Deliver> groups;
    private final Set<EndTransaction> underWay = Collections.newSetFromMap(new IdentityHashMap<>());

    /** @param groups told what their transactions' ends mean to them */
    TransactionEnds(
            CoordinatorPartitions<OffsetsPartition> partitions,
            ActorContext<GroupsCommand> context,
            Consumer<Deliver> groups) {
        this.partitions = partitions;
        this.context = context;
        this.groups = groups;
    }

    /** Stores the marker; {@link MarkerAppended} follows. */
    void begin(EndTransaction end) {
        OffsetsPartition partition = partitions.at(count -> end.partition());
        if (partition == null || !partition.isLoaded()) {
            end.fail(new CoordinatorLoadInProgressException("the groups of this partition are not known yet"));
            return;
        }
        underWay.add(end);
        CompletableFuture<AppendResult> appended = new CompletableFuture<>();
        partition.log().tell(new AppendMarker(end.batch(), end.marker().transactionVersion(), appended));
        context.pipeToSelf(appended, (result, failure) -> new MarkerAppended(partition, end, result, failure));
    }

    /** Told to the groups before the coordinator hears of it, so that the next transaction finds them ready. */
    void appended(MarkerAppended message) {
        EndTransaction end = message.end();
        underWay.remove(end);
        if (message.result() == null) {
            end.reply().completeExceptionally(message.failure());
            return;
        }
        long producerId = end.marker().producerId();
        GroupCommand command =
                new GroupCommand.EndTransaction(producerId, end.marker().commit());
        message.partition()
                .log()
                .pending()
                .take(producerId)
                .forEach(groupId -> groups.accept(new Deliver(groupId, command)));
        end.reply().complete(message.result());
    }

    /** The coordinators have to ask again. */
    void close() {
        underWay.forEach(end -> end.fail(new CoordinatorLoadInProgressException("the groups start anew")));
    }
}
