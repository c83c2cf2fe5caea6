package io.aeon.api.groups;

import io.aeon.api.ClientConnection;
import io.aeon.coordinator.group.command.GroupCommand.Abandoned;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** Notices when the connection of a client ends while its request waits in a group. Thread-safe. */
final class AbandonedRequests {
    private final BiConsumer<String, Abandoned> groups;

    /** @param groups receives the group id and the command, on any thread; must return at once */
    AbandonedRequests(BiConsumer<String, Abandoned> groups) {
        this.groups = groups;
    }

    /**
     * Follows a request that was sent to its group.
     *
     * @return {@code reply}
     */
    <T> CompletableFuture<T> follow(String groupId, CompletableFuture<T> reply, ClientConnection connection) {
        if (!reply.isDone()) {
            ClientConnection.Registration end = connection.onEnd(() -> groups.accept(groupId, new Abandoned(reply)));
            var unused = reply.whenComplete((answer, failure) -> end.cancel());
        }
        return reply;
    }
}
