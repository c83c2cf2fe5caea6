package io.aeon.broker;

import akka.actor.typed.ActorRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way to one partition's actor; keeps commands in order while the actor is being started. Thread-safe. */
final class Route {
    private volatile @Nullable ActorRef<PartitionCommand> actor;
    private @Nullable List<PartitionCommand> waiting = new ArrayList<>();

    /** Delivers, now or as soon as the actor is there; false if this way has been closed. */
    boolean tell(PartitionCommand command) {
        ActorRef<PartitionCommand> open = actor;
        if (open == null) {
            return tellLater(command);
        }
        open.tell(command);
        return true;
    }

    private synchronized boolean tellLater(PartitionCommand command) {
        if (actor != null) {
            actor.tell(command);
            return true;
        }
        return waiting != null && waiting.add(command);
    }

    /** Commands go to {@code ref} from now on, those that wait first. */
    synchronized void open(ActorRef<PartitionCommand> ref) {
        if (waiting != null) {
            waiting.forEach(ref::tell);
            waiting = null;
        }
        actor = ref;
    }

    /** Nobody will come: fails the commands that wait. */
    synchronized void close(Throwable cause) {
        if (waiting != null) {
            waiting.forEach(command -> command.fail(cause));
            waiting = null;
        }
    }
}
