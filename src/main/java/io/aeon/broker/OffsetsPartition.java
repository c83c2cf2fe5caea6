package io.aeon.broker;

import io.aeon.broker.GroupsCommand.Deliver;
import io.aeon.coordinator.Reply;
import io.aeon.coordinator.group.ClassicGroup;
import io.aeon.coordinator.group.GroupCommand;
import io.aeon.coordinator.group.GroupCommand.Heartbeat;
import io.aeon.coordinator.group.GroupListing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Groups} knows of one partition of the offsets topic: the groups that need no actor just now, and the
 * commands that wait for a replay. Not thread-safe.
 */
final class OffsetsPartition {
    /** A wait of the clients for a replay that takes longer ends here: they ask again. */
    private static final long PATIENCE_MS = 3000;

    private static final int WAITING = 10_000;

    /** A log that could not be replayed is not read again by everyone who asks. */
    private static final long RETRY_MS = 1000;

    private static final long NEVER = -1;

    private final OffsetsLog log;
    private final Map<String, ClassicGroup> parked = new HashMap<>();
    private final Map<String, List<Deliver>> replaying = new HashMap<>();
    private final List<Deliver> waiting = new ArrayList<>();
    private final long loadingSinceMs;
    private boolean loaded;
    private long failedAtMs = NEVER;

    OffsetsPartition(OffsetsLog log) {
        this.log = log;
        this.loadingSinceMs = log.setup().clock().get().elapsedMs();
    }

    OffsetsLog log() {
        return log;
    }

    boolean isLoading() {
        return !loaded && failedAtMs == NEVER;
    }

    /** The log cannot be replayed now: refuses all that waits, and all that comes until somebody should try again. */
    void failed() {
        failedAtMs = log.setup().clock().get().elapsedMs();
        close(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    /** Whether another one should take the place of this one, which has failed a while ago. */
    boolean isPastFailure() {
        return failedAtMs != NEVER && log.setup().clock().get().elapsedMs() - failedAtMs >= RETRY_MS;
    }

    /** The log is replayed; the commands that waited for it. */
    List<Deliver> loaded() {
        loaded = true;
        return takeWaiting();
    }

    private List<Deliver> takeWaiting() {
        List<Deliver> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    /** Whether the command has to wait, and does, until what it is for is known; or is refused because it will not be. */
    boolean holds(Deliver command) {
        if (failedAtMs != NEVER) {
            command.refuse(Errors.COORDINATOR_NOT_AVAILABLE);
            return true;
        }
        if (!loaded) {
            awaitLoad(command);
            return true;
        }
        return awaitsReplay(command);
    }

    /** Lets no client wait too long. */
    private void awaitLoad(Deliver command) {
        boolean patient = log.setup().clock().get().elapsedMs() - loadingSinceMs < PATIENCE_MS;
        if (isHeartbeat(command) || !patient || waiting.size() >= WAITING) {
            answerUnready(command);
        } else {
            waiting.add(command);
        }
    }

    private static boolean isHeartbeat(Deliver command) {
        return command.command() instanceof Heartbeat;
    }

    /** A member must not give its group up because its coordinator is not ready to know it. */
    private static void answerUnready(Deliver command) {
        if (command.command() instanceof Heartbeat heartbeat) {
            new Reply<>(heartbeat.reply(), Errors.NONE).send();
        } else if (command.command() instanceof GroupCommand.Request<?> request) {
            request.refused(Errors.COORDINATOR_LOAD_IN_PROGRESS).send();
        }
    }

    /** The group's actor failed: its commands wait until it is replayed. */
    void replaying(String groupId) {
        replaying.putIfAbsent(groupId, new ArrayList<>());
    }

    private boolean awaitsReplay(Deliver command) {
        List<Deliver> queue = replaying.get(command.groupId());
        if (queue == null) {
            return false;
        }
        if (isHeartbeat(command) || queue.size() >= WAITING) {
            answerUnready(command);
        } else {
            queue.add(command);
        }
        return true;
    }

    List<Deliver> replayed(String groupId) {
        List<Deliver> queue = replaying.remove(groupId);
        return queue == null ? List.of() : queue;
    }

    void park(ClassicGroup group) {
        parked.put(group.groupId(), group);
    }

    @Nullable
    ClassicGroup take(String groupId) {
        return parked.remove(groupId);
    }

    List<ClassicGroup> takeAll(Predicate<ClassicGroup> condition) {
        List<ClassicGroup> taken = parked.values().stream().filter(condition).toList();
        taken.forEach(group -> parked.remove(group.groupId()));
        return taken;
    }

    Stream<GroupListing> listings() {
        return parked.values().stream().map(ClassicGroup::listing);
    }

    @Override
    public String toString() {
        return "offsets partition " + log.partition();
    }

    /** Refuses all that waits. */
    void close(Errors error) {
        takeWaiting().forEach(command -> command.refuse(error));
        replaying.values().forEach(queue -> queue.forEach(command -> command.refuse(error)));
        replaying.clear();
    }
}
