package io.aeon.broker.partition.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.PartitionEvent.Retire;
import io.aeon.broker.partition.TopicsCommand;
import io.aeon.broker.partition.directory.PartitionDirectory;
import org.jspecify.annotations.Nullable;

/** Whether a partition's actor may retire now, and the retirement that waits until some work has ended. */
final class Retirement {
    private final PartitionDirectory directory;
    private final Replies replies;
    private final ActorContext<PartitionCommand> context;
    private @Nullable Retire waiting;

    Retirement(PartitionDirectory directory, Replies replies, ActorContext<PartitionCommand> context) {
        this.directory = directory;
        this.replies = replies;
        this.context = context;
    }

    /** False if the partition is busy; then the message waits or is answered. */
    boolean mayBegin(Retire message, OpenPartition partition) {
        if (message.moves() && partition.awaitsFsync()) {
            waiting = message;
            return false;
        }
        boolean free = message.moves() ? partition.canMove() : partition.isQuiet();
        if (!free) {
            refuse(message);
        }
        return free;
    }

    /** Replies that the partition is busy. */
    Behavior<PartitionCommand> refuse(Retire message) {
        message.replyTo().tell(new TopicsCommand.StillBusy(directory.partition(), context.getSelf()));
        replies.fail(message, new IllegalStateException(directory + " is in use"));
        return Behaviors.same();
    }

    /**
     * Answers a message that comes while the log is being changed. A move waits for that: it is work of this disk, which
     * ends soon, because no further request can arrive.
     */
    Behavior<PartitionCommand> delay(Retire message) {
        if (!message.moves()) {
            return refuse(message);
        }
        waiting = message;
        return Behaviors.same();
    }

    /** Some work has ended: the retirement that waits is tried again. */
    void askAgain() {
        if (waiting != null) {
            context.getSelf().tell(waiting);
            waiting = null;
        }
    }
}
