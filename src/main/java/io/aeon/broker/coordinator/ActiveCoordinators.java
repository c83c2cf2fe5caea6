package io.aeon.broker.coordinator;

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
public final class ActiveCoordinators<A, L> {
    private final ConcurrentHashMap<String, Active<A, L>> byId = new ConcurrentHashMap<>();

    /** Takes note of a coordinator whose actor runs, in place of any other with its id. */
    public void started(Active<A, L> coordinator) {
        byId.put(coordinator.id(), coordinator);
    }

    /** False if another actor has taken its place, or none is known. */
    public boolean stopped(String id, ActorRef<A> actor) {
        Active<A, L> known = byId.get(id);
        return known != null && known.actor().equals(actor) && byId.remove(id, known);
    }

    /** The one with this id, null if none has an actor. */
    @Nullable
    public Active<A, L> get(String id) {
        return byId.get(id);
    }

    /** All that have an actor, as far as is known at the same time. */
    public Stream<Active<A, L>> all() {
        return byId.values().stream();
    }

    /** Forgets all of them. */
    public void clear() {
        byId.clear();
    }

    /** What is coordinated by an actor. Equal only to itself. */
    public static final class Active<A, L> {
        private final String id;
        private final ActorRef<A> actor;
        private final Listing<L> listing;

        public Active(String id, ActorRef<A> actor, Listing<L> listing) {
            this.id = id;
            this.actor = actor;
            this.listing = listing;
        }

        String id() {
            return id;
        }

        public ActorRef<A> actor() {
            return actor;
        }

        /** How it was listed last. Any thread. */
        public L listing() {
            return listing.latest();
        }
    }

    /** How something was listed last, as its actor tells and others read. */
    public static final class Listing<L> implements Consumer<L> {
        private volatile L latest;

        /** @param first how it is listed until its actor tells more */
        public Listing(L first) {
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
