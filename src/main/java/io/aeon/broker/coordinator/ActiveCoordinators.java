package io.aeon.broker.coordinator;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The coordinators that have an actor, by id. Thread-safe.
 *
 * @param <C> commands of the state machine
 * @param <L> listing of one coordinator
 */
final class ActiveCoordinators<C, L> {
    private final ConcurrentHashMap<String, Active<C, L>> byId = new ConcurrentHashMap<>();

    /** Adds a coordinator whose actor runs; it replaces an earlier one with the same id. */
    void started(Active<C, L> coordinator) {
        byId.put(coordinator.id(), coordinator);
    }

    /** Removes a coordinator; returns false if the entry is missing or belongs to another actor. */
    boolean stopped(String id, ActorRef<Coordinator.Command<C>> actor) {
        Active<C, L> known = byId.get(id);
        return known != null && known.actor().equals(actor) && byId.remove(id, known);
    }

    /** The actor of the coordinator with this id; null if it has none. */
    @Nullable
    ActorRef<Coordinator.Command<C>> get(String id) {
        Active<C, L> known = byId.get(id);
        return known == null ? null : known.actor();
    }

    /** All coordinators with an actor; changes during the iteration may or may not be seen. */
    Stream<Active<C, L>> all() {
        return byId.values().stream();
    }

    /** Those of one partition, as {@link #all}. */
    Stream<Active<C, L>> in(int partition) {
        return all().filter(each -> each.partition() == partition);
    }

    /** Removes and returns the coordinators of one partition. */
    List<Active<C, L>> takeAll(int partition) {
        List<Active<C, L>> taken = in(partition).toList();
        taken.forEach(each -> byId.remove(each.id(), each));
        return taken;
    }

    /** Removes all coordinators. */
    void clear() {
        byId.clear();
    }

    /** A coordinator with an actor. */
    record Active<C, L>(String id, int partition, ActorRef<Coordinator.Command<C>> actor, Listing<L> listing) {}

    /** The latest listing of one coordinator, written by its actor and read by other threads. Equal only to itself. */
    static final class Listing<L> implements Consumer<Optional<L>> {
        private volatile Optional<L> latest;

        /** @param first the listing until the actor provides another */
        Listing(Optional<L> first) {
            latest = first;
        }

        @Override
        public void accept(Optional<L> next) {
            if (!next.equals(latest)) {
                latest = next;
            }
        }

        Optional<L> latest() {
            return latest;
        }
    }
}
