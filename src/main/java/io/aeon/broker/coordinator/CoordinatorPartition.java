package io.aeon.broker.coordinator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one partition of a coordinator topic: the state machines that need no actor just now, and the
 * commands that wait for a replay. Not thread-safe.
 *
 * @param <M> a state machine
 * @param <C> a command for one
 */
public class CoordinatorPartition<M, C extends CoordinatorPartition.Waiting> {
    /** A wait of the clients for a replay that takes longer ends here: they ask again. */
    private static final long PATIENCE_MS = 3000;

    private static final int WAITING = 10_000;

    /** A log that could not be replayed is not read again by everyone who asks. */
    private static final long RETRY_MS = 1000;

    private static final long NEVER = -1;

    private final int index;
    private final LongSupplier elapsedMs;
    private final Map<String, M> parked = new HashMap<>();
    private final Map<String, List<C>> replaying = new HashMap<>();
    private final List<C> waiting = new ArrayList<>();
    private final long loadingSinceMs;
    private boolean loaded;
    private long failedAtMs = NEVER;

    /** A command that may have to wait until what it is for is known. */
    public interface Waiting {
        /** Which state machine it is for. */
        String id();

        /** Whether it must not wait, for its client cannot. */
        boolean cannotWait();

        /** Whether somebody waits for its answer, who can ask again. */
        boolean isRequest();

        /** Answers it because what it is for is not known yet. */
        void answerUnready();

        void refuse(Errors error);
    }

    /** @param elapsedMs a clock that only goes forward */
    public CoordinatorPartition(int index, LongSupplier elapsedMs) {
        this.index = index;
        this.elapsedMs = elapsedMs;
        this.loadingSinceMs = elapsedMs.getAsLong();
    }

    int index() {
        return index;
    }

    /** Whether the log is replayed. */
    public boolean isLoaded() {
        return loaded;
    }

    boolean isLoading() {
        return !loaded && failedAtMs == NEVER;
    }

    /** The log cannot be replayed now: refuses all that waits, and all that comes until somebody should try again. */
    void failed() {
        failedAtMs = elapsedMs.getAsLong();
        close(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    /** Whether another one should take the place of this one, which has failed a while ago. */
    boolean isPastFailure() {
        return failedAtMs != NEVER && elapsedMs.getAsLong() - failedAtMs >= RETRY_MS;
    }

    /** The log is replayed; the commands that waited for it. */
    public List<C> loaded() {
        loaded = true;
        return takeWaiting();
    }

    private List<C> takeWaiting() {
        List<C> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    /** Whether the command has to wait, and does, until what it is for is known; or is refused because it will not be. */
    public boolean holds(C command) {
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
    private void awaitLoad(C command) {
        boolean patient = elapsedMs.getAsLong() - loadingSinceMs < PATIENCE_MS;
        enqueue(command, waiting, patient);
    }

    /** What is no request is never dropped: nobody would tell it again. */
    private void enqueue(C command, List<C> queue, boolean patient) {
        boolean mayWait = patient && !command.cannotWait() && queue.size() < WAITING;
        if (mayWait || !command.isRequest()) {
            queue.add(command);
        } else {
            command.answerUnready();
        }
    }

    /** The actor of {@code id} failed: its commands wait until it is replayed. */
    public void replaying(String id) {
        replaying.putIfAbsent(id, new ArrayList<>());
    }

    private boolean awaitsReplay(C command) {
        List<C> queue = replaying.get(command.id());
        if (queue == null) {
            return false;
        }
        enqueue(command, queue, true);
        return true;
    }

    /** {@code id} is replayed, or cannot be; the commands that waited for it. */
    public List<C> replayed(String id) {
        List<C> queue = replaying.remove(id);
        return queue == null ? List.of() : queue;
    }

    /** Keeps a state machine that needs no actor just now. */
    public void park(String id, M machine) {
        parked.put(id, machine);
    }

    /** Takes out a state machine that gets an actor, null if none is kept. */
    @Nullable
    public M take(String id) {
        return parked.remove(id);
    }

    /** Takes out all kept state machines that meet the condition. */
    public List<M> takeAll(Predicate<M> condition) {
        List<M> taken = new ArrayList<>();
        parked.values().removeIf(machine -> condition.test(machine) && taken.add(machine));
        return taken;
    }

    /** The state machines kept here. */
    public Stream<M> parked() {
        return parked.values().stream();
    }

    /** Refuses all that waits. */
    void close(Errors error) {
        takeWaiting().forEach(command -> command.refuse(error));
        replaying.values().forEach(queue -> queue.forEach(command -> command.refuse(error)));
        replaying.clear();
    }
}
