package io.aeon.broker.coordinator;

import akka.actor.typed.ActorRef;
import io.aeon.coordinator.Effects;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The way to all coordinators of one kind: one look-up and one tell for one that is in use. Thread-safe. */
public abstract class Coordinators<C, E extends Effects, L> {
    private final ActiveCoordinators<C, L> active = new ActiveCoordinators<>();
    private final Consumer<CoordinatorsCommand<C, E, L>> runtime;

    /** @param runtime delivers to {@link CoordinatorRuntime} */
    protected Coordinators(Consumer<CoordinatorsCommand<C, E, L>> runtime) {
        this.runtime = runtime;
    }

    /**
     * Delivers to the coordinator of {@code id}. A request is answered in every case, also when the coordinator stops
     * with it unread; one for what other brokers coordinate with NOT_COORDINATOR.
     */
    public void tell(String id, C command) {
        ActorRef<Coordinator.Command<C>> coordinator = active.get(id);
        if (coordinator != null) {
            coordinator.tell(new Coordinator.Execute<>(command));
        } else {
            runtime.accept(new CoordinatorsCommand.Deliver<>(id, command));
        }
    }

    /** All that this broker coordinates; fails with a CoordinatorLoadInProgressException while it does not know them. */
    public CompletableFuture<List<L>> list() {
        CompletableFuture<List<L>> reply = new CompletableFuture<>();
        runtime.accept(new CoordinatorsCommand.ListAll<>(reply));
        return reply;
    }

    /** Has something done in a partition of the topic, or refused. */
    protected void onPartition(int partition, PartitionTask task) {
        runtime.accept(new CoordinatorsCommand.OnPartition<>(partition, task));
    }

    /** How many have an actor now. */
    public long running() {
        return active.all().count();
    }

    ActiveCoordinators<C, L> active() {
        return active;
    }
}
