package io.aeon.broker.group;

import akka.actor.typed.ActorRef;
import io.aeon.broker.coordinator.CoordinatorPartition;
import io.aeon.broker.mailbox.Failable;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.group.ClassicGroup;
import io.aeon.coordinator.group.GroupCommand;
import io.aeon.coordinator.group.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.GroupListing;
import io.aeon.coordinator.transaction.Marker;
import io.aeon.metadata.ImageChange;
import io.aeon.storage.log.AppendResult;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** What {@link Groups} is told. */
public sealed interface GroupsCommand {
    /** A command for a group that may have no actor. */
    record Deliver(String groupId, GroupCommand command)
            implements GroupsCommand, Failable, CoordinatorPartition.Waiting {
        @Override
        public String id() {
            return groupId;
        }

        @Override
        public boolean isRequest() {
            return command instanceof GroupCommand.Request<?>;
        }

        @Override
        public boolean cannotWait() {
            return command instanceof Heartbeat;
        }

        /** A member must not give its group up because its coordinator is not ready to know it. */
        @Override
        public void answerUnready() {
            if (command instanceof Heartbeat heartbeat) {
                new Reply<>(heartbeat.reply(), Errors.NONE).send();
            } else {
                refuse(Errors.COORDINATOR_LOAD_IN_PROGRESS);
            }
        }

        @Override
        public void refuse(Errors error) {
            if (command instanceof GroupCommand.Request<?> request) {
                request.refused(error).send();
            }
        }

        @Override
        public void fail(Throwable cause) {
            refuse(Errors.NOT_COORDINATOR);
        }
    }

    /** Asks for all groups. */
    record ListAll(CompletableFuture<List<GroupListing>> reply) implements GroupsCommand, Failable {
        @Override
        public void fail(Throwable cause) {
            reply.completeExceptionally(cause);
        }
    }

    /** A coordinator gives its idle group back. */
    record HandedOver(ClassicGroup group, ActorRef<GroupCoordinator.Command> actor) implements GroupsCommand {}

    /** The metadata have changed, or are there for the first time. */
    record ImageChanged(ImageChange change) implements GroupsCommand {}

    /** Time has come. */
    enum Tick implements GroupsCommand {
        EXPIRE
    }

    /** A partition of the offsets topic is replayed, or cannot be. */
    record Loaded(
            OffsetsPartition partition,
            @Nullable Map<String, ClassicGroup> groups,
            @Nullable Throwable failure) implements GroupsCommand {}

    /** A group whose actor failed is replayed, or cannot be. */
    record Replayed(
            OffsetsPartition partition,
            String groupId,
            @Nullable Map<String, ClassicGroup> groups,
            @Nullable Throwable failure)
            implements GroupsCommand {}

    /** Time to try again what failed. */
    record ReplayAgain(OffsetsPartition partition, String groupId) implements GroupsCommand {}

    /**
     * A transaction ends in a partition of the offsets topic.
     *
     * @param batch the marker as the control batch to append
     */
    record EndTransaction(int partition, Marker marker, ByteBuffer batch, CompletableFuture<AppendResult> reply)
            implements GroupsCommand, Failable {
        @Override
        public void fail(Throwable cause) {
            reply.completeExceptionally(cause);
        }
    }

    /** A marker is durable, or not. */
    record MarkerAppended(
            OffsetsPartition partition,
            EndTransaction end,
            @Nullable AppendResult result,
            @Nullable Throwable failure) implements GroupsCommand {}

    /** A coordinator's actor has stopped. */
    record Ended(OffsetsPartition partition, String groupId, ActorRef<GroupCoordinator.Command> actor)
            implements GroupsCommand {}
}
