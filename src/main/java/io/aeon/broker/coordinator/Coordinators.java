package io.aeon.broker.coordinator;

import akka.actor.typed.ActorRef;
import io.aeon.coordinator.Effects;
import io.aeon.coordinator.HeapShare;
import io.aeon.coordinator.Request;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * Delivers commands to all coordinators of one kind; for a coordinator with an actor this costs one look-up and one
 * tell. Thread-safe.
 */
public abstract class Coordinators<C, E extends Effects, L> {
    private final ActiveCoordinators<C, L> active = new ActiveCoordinators<>();
    private final Consumer<CoordinatorsCommand<C, E, L>> runtime;
    private final AnswerTimeout timeout;
    private volatile HeapShare heap = HeapShare.unlimited();

    /**
     * @param runtime delivers a command to {@link CoordinatorRuntime}
     * @param timeout of requests that do not wait for other clients
     */
    protected Coordinators(Consumer<CoordinatorsCommand<C, E, L>> runtime, AnswerTimeout timeout) {
        this.runtime = runtime;
        this.timeout = timeout;
    }

    /**
     * Delivers a command to the coordinator of {@code id}. Every request gets an answer, even if the coordinator stops
     * before it reads the request. If another broker is the coordinator, the answer is NOT_COORDINATOR. If the answer
     * takes too long, it is COORDINATOR_NOT_AVAILABLE; the change may become durable nevertheless.
     */
    public void tell(String id, C command) {
        deliver(id, command);
        if (command instanceof Request<?> request && !request.waitsForOthers()) {
            limit(request);
        }
    }

    private void limit(Request<?> request) {
        if (!request.isAnswered()) {
            Runnable cancel = timeout.start(
                    () -> request.refused(Errors.COORDINATOR_NOT_AVAILABLE).send());
            var unused = request.reply().whenComplete((answer, failure) -> cancel.run());
        }
    }

    private void deliver(String id, C command) {
        ActorRef<Coordinator.Command<C>> coordinator = active.get(id);
        if (coordinator != null) {
            coordinator.tell(new Coordinator.Execute<>(command));
        } else {
            runtime.accept(new CoordinatorsCommand.Deliver<>(id, command));
        }
    }

    /**
     * The listings of all that this broker coordinates; fails with a CoordinatorLoadInProgressException if a partition
     * is still being loaded after three seconds.
     */
    public CompletableFuture<List<L>> list() {
        CompletableFuture<List<L>> reply = new CompletableFuture<>();
        runtime.accept(new CoordinatorsCommand.ListAll<>(reply));
        return reply;
    }

    /** Runs or refuses a task in a partition of the topic. */
    protected void onPartition(int partition, PartitionTask task) {
        runtime.accept(new CoordinatorsCommand.OnPartition<>(partition, task));
    }

    /** Estimated bytes of heap that all coordinators of this kind take, for the size of answers about them. */
    public long heapUsed() {
        return heap.used();
    }

    /** The runtime has started; its coordinators take their heap from this share. */
    void take(HeapShare share) {
        heap = share;
    }

    /** The number of coordinators that have an actor now. */
    public long running() {
        return active.all().count();
    }

    ActiveCoordinators<C, L> active() {
        return active;
    }
}
