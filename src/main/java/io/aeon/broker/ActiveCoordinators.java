package io.aeon.broker;

import akka.actor.typed.ActorRef;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The coordinators that have an actor, by the id of what they coordinate. Thread-safe.
 *
 * @param <A> what their actors are told
 * @param <L> how one is listed
 */
final class ActiveCoordinators<A, L> {
    private final ConcurrentHashMap<String, Active<A, L>> byId = new ConcurrentHashMap<>();

    void started(Active<A, L> coordinator) {
        byId.put(coordinator.id(), coordinator);
    }

    /** False if another actor has taken its place, or none is known. */
    boolean stopped(String id, ActorRef<A> actor) {
        Active<A, L> known = byId.get(id);
        return known != null && known.actor().equals(actor) && byId.remove(id, known);
    }

    @Nullable
    Active<A, L> get(String id) {
        return byId.get(id);
    }

    Stream<Active<A, L>> all() {
        return byId.values().stream();
    }

    void clear() {
        byId.clear();
    }

    /** What is coordinated by an actor. Equal only to itself. */
    static final class Active<A, L> {
        private final String id;
        private final ActorRef<A> actor;
        private final Listing<L> listing;

        Active(String id, ActorRef<A> actor, Listing<L> listing) {
            this.id = id;
            this.actor = actor;
            this.listing = listing;
        }

        String id() {
            return id;
        }

        ActorRef<A> actor() {
            return actor;
        }

        L listing() {
            return listing.latest();
        }
    }

    /** How something was listed last, as its actor tells and others read. */
    static final class Listing<L> implements Consumer<L> {
        private volatile L latest;

        Listing(L first) {
            latest = first;
        }

        @Override
        public void accept(L next) {
            if (!next.equals(latest)) {
                latest = next;
            }
        }

        L latest() {
            return latest;
        }
    }
}
