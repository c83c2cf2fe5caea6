package io.aeon.broker;

import akka.actor.typed.ActorRef;
import io.aeon.coordinator.group.GroupCommand;
import io.aeon.coordinator.group.GroupListing;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The way to the coordinators of all groups: one look-up and one tell for a group that is in use. Thread-safe. */
public final class GroupCoordinators {
    private final ConcurrentHashMap<String, Active> active = new ConcurrentHashMap<>();
    private final Consumer<GroupsCommand> groups;

    GroupCoordinators(Consumer<GroupsCommand> groups) {
        this.groups = groups;
    }

    /**
     * Delivers to the group's coordinator. A request is answered in every case, also when the coordinator stops with it
     * unread; one for a group that other brokers coordinate with NOT_COORDINATOR.
     *
     * @param groupId not empty, unless for the requests that Kafka lets use the empty group
     */
    public void tell(String groupId, GroupCommand command) {
        Active coordinator = active.get(groupId);
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

    /** All groups this broker coordinates; fails with a CoordinatorLoadInProgressException while it does not know them. */
    public CompletableFuture<List<GroupListing>> list() {
        CompletableFuture<List<GroupListing>> reply = new CompletableFuture<>();
        groups.accept(new GroupsCommand.ListAll(reply));
        return reply;
    }

    void started(Active coordinator) {
        active.put(coordinator.groupId(), coordinator);
    }

    boolean stopped(String groupId, ActorRef<GroupCoordinator.Command> actor) {
        Active known = active.get(groupId);
        return known != null && known.actor().equals(actor) && active.remove(groupId, known);
    }

    @Nullable
    Active get(String groupId) {
        return active.get(groupId);
    }

    Stream<Active> all() {
        return active.values().stream();
    }

    void clear() {
        active.clear();
    }

    /** A group that has an actor. Equal only to itself. */
    static final class Active {
        private final ActorRef<GroupCoordinator.Command> actor;
        private final Listing listing;
        private final String groupId;

        Active(String groupId, ActorRef<GroupCoordinator.Command> actor, Listing listing) {
            this.groupId = groupId;
            this.actor = actor;
            this.listing = listing;
        }

        String groupId() {
            return groupId;
        }

        ActorRef<GroupCoordinator.Command> actor() {
            return actor;
        }

        GroupListing listing() {
            return listing.latest();
        }
    }

    /** How a group was listed last, as its actor tells and others read. */
    static final class Listing implements Consumer<GroupListing> {
        private volatile GroupListing latest;

        Listing(GroupListing first) {
            latest = first;
        }

        @Override
        public void accept(GroupListing next) {
            if (!next.equals(latest)) {
                latest = next;
            }
        }

        GroupListing latest() {
            return latest;
        }
    }
}
