package io.aeon.broker.coordinator;

import akka.actor.typed.ActorRef;
import io.aeon.broker.mailbox.Failable;
import io.aeon.coordinator.Effects;
import io.aeon.coordinator.Request;
import io.aeon.coordinator.StateMachine;
import io.aeon.metadata.ImageChange;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The messages to {@link CoordinatorRuntime}. */
public sealed interface CoordinatorsCommand<C, E extends Effects, L> {
    /** A command for a state machine that may have no actor. */
    record Deliver<C, E extends Effects, L>(String id, C command) implements CoordinatorsCommand<C, E, L>, Failable {
        boolean isRequest() {
            return command instanceof Request<?>;
        }

        boolean creates() {
            return command instanceof Request<?> request && request.creates();
        }

        boolean mayWait() {
            return !(command instanceof Request<?> request) || request.mayWait();
        }

        /** Answers a request whose state machine is not loaded yet. */
        void answerWhileLoading() {
            if (command instanceof Request<?> request) {
                request.whileLoading().send();
            }
        }

        void refuse(Errors error) {
            if (command instanceof Request<?> request) {
                request.refused(error).send();
            }
        }

        @Override
        public void fail(Throwable cause) {
            refuse(Errors.NOT_COORDINATOR);
        }
    }

    /** Requests the listings of all coordinators. */
    record ListAll<C, E extends Effects, L>(CompletableFuture<List<L>> reply)
            implements CoordinatorsCommand<C, E, L>, Failable {
        @Override
        public void fail(Throwable cause) {
            reply.completeExceptionally(cause);
        }
    }

    /** A task in a partition. */
    record OnPartition<C, E extends Effects, L>(int partition, PartitionTask task)
            implements CoordinatorsCommand<C, E, L>, Failable {
        @Override
        public void fail(Throwable cause) {
            task.refuse(Errors.NOT_COORDINATOR);
        }
    }

    /** The metadata have changed, or are known for the first time. */
    record ImageChanged<C, E extends Effects, L>(ImageChange change) implements CoordinatorsCommand<C, E, L> {}

    /** List requests have waited too long for the partitions that are not loaded. */
    record ListOverdue<C, E extends Effects, L>() implements CoordinatorsCommand<C, E, L> {}

    /** A command for all state machines. */
    record Broadcast<C, E extends Effects, L>(C command) implements CoordinatorsCommand<C, E, L> {}

    /** The clock was moved: what is due now must not wait for a timer. */
    record ClockMoved<C, E extends Effects, L>() implements CoordinatorsCommand<C, E, L> {}

    /** An actor gives back its idle state machine. */
    record HandedOver<C, E extends Effects, L>(StateMachine<C, E, L> machine, ActorRef<Coordinator.Command<C>> actor)
            implements CoordinatorsCommand<C, E, L> {}

    /** An actor has stopped. */
    record Ended<C, E extends Effects, L>(
            CoordinatorPartition<C, E, L> partition, String id, ActorRef<Coordinator.Command<C>> actor)
            implements CoordinatorsCommand<C, E, L> {}

    /** A replay of a partition is due. */
    record Load<C, E extends Effects, L>(CoordinatorPartition<C, E, L> partition)
            implements CoordinatorsCommand<C, E, L> {}

    /** The replay of a partition has succeeded or failed. */
    record Loaded<C, E extends Effects, L>(
            CoordinatorPartition<C, E, L> partition,
            @Nullable List<StateMachine<C, E, L>> machines,
            @Nullable Throwable failure)
            implements CoordinatorsCommand<C, E, L> {}

    /** It is time to look for partitions that need a snapshot. */
    record LookForSnapshots<C, E extends Effects, L>() implements CoordinatorsCommand<C, E, L> {}

    /** The snapshot of a partition was taken, or has failed. */
    record SnapshotEnded<C, E extends Effects, L>(
            CoordinatorPartition<C, E, L> partition,
            @Nullable Throwable failure) implements CoordinatorsCommand<C, E, L> {}

    /** A replay of a failed state machine is due. */
    record Replay<C, E extends Effects, L>(CoordinatorPartition<C, E, L> partition, String id)
            implements CoordinatorsCommand<C, E, L> {}

    /** The replay of a failed state machine has succeeded or failed. */
    record Replayed<C, E extends Effects, L>(
            CoordinatorPartition<C, E, L> partition,
            String id,
            @Nullable List<StateMachine<C, E, L>> machines,
            @Nullable Throwable failure)
            implements CoordinatorsCommand<C, E, L> {}
}
