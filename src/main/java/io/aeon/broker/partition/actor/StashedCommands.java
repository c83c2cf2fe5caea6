package io.aeon.broker.partition.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import io.aeon.broker.partition.PartitionCommand;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.storage.file.StorageException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands that a partition's present state cannot handle: some wait for another state, the rest fail. */
final class StashedCommands {
    private static final Logger logger = LoggerFactory.getLogger(StashedCommands.class);

    private final PartitionDirectory directory;
    private final StashBuffer<PartitionCommand> stash;
    private final OpenTries tries;
    private final LeaderTerm term;
    private final Replies replies;

    StashedCommands(
            PartitionDirectory directory,
            StashBuffer<PartitionCommand> stash,
            OpenTries tries,
            LeaderTerm term,
            Replies replies) {
        this.directory = directory;
        this.stash = stash;
        this.tries = tries;
        this.term = term;
        this.replies = replies;
    }

    /** Keeps the command for a later state; fails it if too many wait. */
    Behavior<PartitionCommand> add(PartitionCommand command) {
        if (stash.isFull()) {
            return refuse(command);
        }
        stash.stash(command);
        return Behaviors.same();
    }

    /** Handles all commands that wait in {@code state}. */
    Behavior<PartitionCommand> unstashAll(Behavior<PartitionCommand> state) {
        return stash.unstashAll(state);
    }

    /** Fails a command that its sender may repeat. */
    Behavior<PartitionCommand> refuse(PartitionCommand command) {
        if (command instanceof PartitionCommand.Append) {
            term.resends().expect();
        }
        replies.fail(
                command,
                tries.offline()
                        ? new StorageException(directory + " is offline")
                        : ClosingPartition.refusal(directory));
        return Behaviors.same();
    }

    /** Fails a command that the present state does not know. */
    Behavior<PartitionCommand> unknown(PartitionCommand command) {
        String name = command.getClass().getSimpleName();
        logger.error("{} cannot handle {} in its current state", directory, name);
        replies.fail(command, new UnknownServerException(directory + " cannot handle " + name));
        return Behaviors.same();
    }

    /** Fails all commands that wait, because the actor stops. */
    Behavior<PartitionCommand> failAll() {
        stash.forEach(command -> replies.fail(command, ClosingPartition.refusal(directory)));
        return Behaviors.same();
    }
}
