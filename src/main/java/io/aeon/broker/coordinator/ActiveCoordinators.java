package io.aeon.broker.coordinator;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The coordinators that have an actor, by the id of what they coordinate. Thread-safe.
 *
 * @param <C> what a state machine can be told
 * @param <L> how one is listed
 */
final class ActiveCoordinators<C, L> {
    private final ConcurrentHashMap<String, Active<C, L>> byId = new ConcurrentHashMap<>();

    /** Takes note of a coordinator whose actor runs, in place of any other with its id. */
    void started(Active<C, L> coordinator) {
        byId.put(coordinator.id(), coordinator);
    }

    /** False if another actor has taken its place, or none is known. */
    boolean stopped(String id, ActorRef<Coordinator.Command<C>> actor) {
        Active<C, L> known = byId.get(id);
        return known != null && known.actor().equals(actor) && byId.remove(id, known);
    }

    /** The one with this id, null if none has an actor. */
    @Nullable
    ActorRef<Coordinator.Command<C>> get(String id) {
        Active<C, L> known = byId.get(id);
        return known == null ? null : known.actor();
    }

    /** All that have an actor, as far as is known at the same time. */
    Stream<Active<C, L>> all() {
        return byId.values().stream();
    }

    /** Takes out those of one partition. */
    List<Active<C, L>> takeAll(int partition) {
        List<Active<C, L>> taken =
                all().filter(each -> each.partition() == partition).toList();
        taken.forEach(each -> byId.remove(each.id(), each));
        return taken;
    }

    /** Forgets all of them. */
    void clear() {
        byId.clear();
    }

    /** What is coordinated by an actor. */
    record Active<C, L>(String id, int partition, ActorRef<Coordinator.Command<C>> actor, Listing<L> listing) {}

    /** How something was listed last, as its actor tells and others read. Equal only to itself. */
    static final class Listing<L> implements Consumer<Optional<L>> {
        private volatile Optional<L> latest;

        /** @param first how it is listed until its actor tells more */
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
