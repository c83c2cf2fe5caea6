package io.aeon.broker.group;

import io.aeon.broker.coordinator.ActiveCoordinators;
import io.aeon.broker.coordinator.ActiveCoordinators.Active;
import io.aeon.coordinator.group.GroupCommand;
import io.aeon.coordinator.group.GroupListing;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** The way to the coordinators of all groups: one look-up and one tell for a group that is in use. Thread-safe. */
public final class GroupCoordinators {
    private final ActiveCoordinators<GroupCoordinator.Command, GroupListing> active = new ActiveCoordinators<>();
    private final Consumer<GroupsCommand> groups;

    /** @param groups delivers to {@link Groups} */
    public GroupCoordinators(Consumer<GroupsCommand> groups) {
        this.groups = groups;
    }

    /**
     * Delivers to the group's coordinator. A request is answered in every case, also when the coordinator stops with it
     * unread; one for a group that other brokers coordinate with NOT_COORDINATOR.
     *
     * @param groupId not empty, unless for the requests that Kafka lets use the empty group
     */
    public void tell(String groupId, GroupCommand command) {
        Active<GroupCoordinator.Command, GroupListing> coordinator = active.get(groupId);
        if (coordinator != null) {
            coordinator.actor().tell(new GroupCoordinator.Execute(command));
        } else {
            groups.accept(new GroupsCommand.Deliver(groupId, command));
        }
    }

    /**
     * As {@link #tell}, for a request that is made with the future of its reply.
     *
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
        groups.accept(new GroupsCommand.EndTransaction(marker.partition().partition(), marker, batch, reply));
    }

    /** All groups this broker coordinates; fails with a CoordinatorLoadInProgressException while it does not know them. */
    public CompletableFuture<List<GroupListing>> list() {
        CompletableFuture<List<GroupListing>> reply = new CompletableFuture<>();
        groups.accept(new GroupsCommand.ListAll(reply));
        return reply;
    }

    ActiveCoordinators<GroupCoordinator.Command, GroupListing> active() {
        return active;
    }
}
