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

/** What {@link CoordinatorRuntime} is told. */
public sealed interface CoordinatorsCommand<C, E extends Effects, L> {
    /** A command for what may have no actor. */
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

        /** Answers it because its state machine is not known yet. */
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

    /** Asks for all. */
    record ListAll<C, E extends Effects, L>(CompletableFuture<List<L>> reply)
            implements CoordinatorsCommand<C, E, L>, Failable {
        @Override
        public void fail(Throwable cause) {
            reply.completeExceptionally(cause);
        }
    }

    /** Something to do in a partition. */
    record OnPartition<C, E extends Effects, L>(int partition, PartitionTask task)
            implements CoordinatorsCommand<C, E, L>, Failable {
        @Override
        public void fail(Throwable cause) {
            task.refuse(Errors.NOT_COORDINATOR);
        }
    }

    /** The metadata have changed, or are there for the first time. */
    record ImageChanged<C, E extends Effects, L>(ImageChange change) implements CoordinatorsCommand<C, E, L> {}

    /** Something that all are told. */
    record Broadcast<C, E extends Effects, L>(C command) implements CoordinatorsCommand<C, E, L> {}

    /** An actor gives its idle state machine back. */
    record HandedOver<C, E extends Effects, L>(StateMachine<C, E, L> machine, ActorRef<Coordinator.Command<C>> actor)
            implements CoordinatorsCommand<C, E, L> {}

    /** An actor has stopped. */
    record Ended<C, E extends Effects, L>(
            CoordinatorPartition<C, E, L> partition, String id, ActorRef<Coordinator.Command<C>> actor)
            implements CoordinatorsCommand<C, E, L> {}

    /** A partition is to be replayed. */
    record Load<C, E extends Effects, L>(CoordinatorPartition<C, E, L> partition)
            implements CoordinatorsCommand<C, E, L> {}

    /** A partition is replayed, or cannot be. */
    record Loaded<C, E extends Effects, L>(
            CoordinatorPartition<C, E, L> partition,
            @Nullable List<StateMachine<C, E, L>> machines,
            @Nullable Throwable failure)
            implements CoordinatorsCommand<C, E, L> {}

    /** One whose actor failed is to be replayed. */
    record Replay<C, E extends Effects, L>(CoordinatorPartition<C, E, L> partition, String id)
            implements CoordinatorsCommand<C, E, L> {}

    /** One whose actor failed is replayed, or cannot be. */
    record Replayed<C, E extends Effects, L>(
            CoordinatorPartition<C, E, L> partition,
            String id,
            @Nullable List<StateMachine<C, E, L>> machines,
            @Nullable Throwable failure)
            implements CoordinatorsCommand<C, E, L> {}
}
