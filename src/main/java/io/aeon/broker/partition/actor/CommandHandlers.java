package io.aeon.broker.partition.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.japi.function.Function;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.storage.log.OffsetOutOfRangeException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;

/** How the states of a partition handle a command, and what becomes of a failure. */
final class CommandHandlers {
    private final PartitionActor actor;
    private final OpenPartition partition;
    private final Replies replies;

    CommandHandlers(PartitionActor actor, OpenPartition partition, Replies replies) {
        this.actor = actor;
        this.partition = partition;
        this.replies = replies;
    }

    Behavior<PartitionCommand> refuseAsLeader(PartitionCommand command) {
        replies.fail(command, new IllegalStateException("this broker leads the partition and follows no other broker"));
        return Behaviors.same();
    }

    Behavior<PartitionCommand> refuseAsFollower(PartitionCommand command) {
        replies.fail(command, new NotLeaderOrFollowerException("this broker does not lead the partition"));
        return Behaviors.same();
    }

    /** A failure of a read request is only its answer. */
    <M extends PartitionCommand> Function<M, Behavior<PartitionCommand>> answer(Consumer<M> action) {
        return message -> {
            try {
                action.accept(message);
            } catch (RuntimeException e) {
                partition.faults().failed(message, e);
            }
            return Behaviors.same();
        };
    }

    /** A failure of a change makes the log's state uncertain, unless it is the client's fault. */
    <M extends PartitionCommand> Function<M, Behavior<PartitionCommand>> change(
            Consumer<M> action, Supplier<Behavior<PartitionCommand>> next) {
        return message -> {
            try {
                action.accept(message);
                return next.get();
            } catch (ApiException | OffsetOutOfRangeException e) {
                replies.fail(message, e);
                return Behaviors.same();
            } catch (RuntimeException e) {
                replies.fail(message, e);
                return actor.reopen(partition, e);
            }
        };
    }
}
