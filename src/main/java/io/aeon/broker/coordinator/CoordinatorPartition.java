package io.aeon.broker.coordinator;

import io.aeon.broker.coordinator.CoordinatorsCommand.Deliver;
import io.aeon.coordinator.Effects;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.StateMachine;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one partition of a coordinator topic while this broker leads it: the state machines that need no actor
 * just now, and the commands that wait for a replay. Not thread-safe.
 */
final class CoordinatorPartition<C, E extends Effects, L> {
    /** A wait of the clients for a replay that takes longer ends here: they ask again. */
    private static final long PATIENCE_MS = 3000;

    private static final int WAITING = 10_000;

    private final String topic;
    private final Uuid topicId;
    private final CoordinatorStore<C, E, L> store;
    private final Map<String, StateMachine<C, E, L>> parked = new HashMap<>();
    private final Map<String, List<Deliver<C, E, L>>> replaying = new HashMap<>();
    private final Set<String> pausing = new HashSet<>();
    private final List<Deliver<C, E, L>> waiting = new ArrayList<>();

    /** What all were told while they were not known. */
    private final Set<C> missed = new LinkedHashSet<>();

    private long loadingSinceMs;
    private Partition role;
    private State state = State.LOADING;

    private enum State {
        LOADING,
        UNREADABLE,
        LOADED
    }

    /** @param role what the metadata say of the partition, which this broker leads */
    CoordinatorPartition(String topic, Uuid topicId, Partition role, CoordinatorStore<C, E, L> store, Now now) {
        this.topic = topic;
        this.topicId = topicId;
        this.role = role;
        this.store = store;
        this.loadingSinceMs = now.elapsedMs();
    }

    /** It is read again. */
    void loadAgain(Now now) {
        if (state == State.UNREADABLE) {
            state = State.LOADING;
            loadingSinceMs = now.elapsedMs();
        }
    }

    int index() {
        return role.index();
    }

    CoordinatorStore<C, E, L> store() {
        return store;
    }

    /**
     * Whether what is known here still counts: nobody else can have led the partition since.
     *
     * @param latest what the metadata say now, of the topic with this id
     */
    boolean continues(Uuid latestTopicId, Partition latest, int nodeId) {
        boolean alone =
                latest.replicas().equals(role.replicas()) && latest.replicas().size() == 1;
        boolean same = latestTopicId.equals(topicId)
                && latest.isLedBy(nodeId)
                && (alone || latest.leaderEpoch() == role.leaderEpoch());
        if (same) {
            role = latest;
        }
        return same;
    }

    boolean isLoaded() {
        return state == State.LOADED;
    }

    boolean isLoading() {
        return state == State.LOADING;
    }

    /** The log cannot be read now: refuses all that waits, and all that comes until it can. */
    void unreadable() {
        state = State.UNREADABLE;
        waiting.forEach(Deliver::answerWhileLoading);
        waiting.clear();
    }

    /** The log is replayed; the commands that waited for it. */
    List<Deliver<C, E, L>> loaded() {
        state = State.LOADED;
        List<Deliver<C, E, L>> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    /** All are told something: those that are not known yet will be told by {@link #takeMissed}. */
    void tellLater(C command) {
        if (state == State.LOADED) {
            replaying.forEach((id, queue) -> queue.add(new Deliver<>(id, command)));
        } else {
            missed.add(command);
        }
    }

    List<C> takeMissed() {
        List<C> taken = List.copyOf(missed);
        missed.clear();
        return taken;
    }

    /** Whether the command has to wait until its state machine is known, and does, or is answered because it must not. */
    boolean holds(Deliver<C, E, L> command, Now now) {
        if (state != State.LOADED) {
            boolean patient = state == State.LOADING && now.elapsedMs() - loadingSinceMs < PATIENCE_MS;
            enqueue(command, waiting, patient);
            return true;
        }
        List<Deliver<C, E, L>> queue = replaying.get(command.id());
        if (queue != null) {
            enqueue(command, queue, !pausing.contains(command.id()));
        }
        return queue != null;
    }

    /** What is no request is never dropped: nobody would tell it again. */
    private void enqueue(Deliver<C, E, L> command, List<Deliver<C, E, L>> queue, boolean patient) {
        boolean mayWait = patient && command.mayWait() && queue.size() < WAITING;
        if (mayWait || !command.isRequest()) {
            queue.add(command);
        } else {
            command.answerWhileLoading();
        }
    }

    /**
     * The state machine of {@code id} failed, or cannot be replayed: its commands wait until it is.
     *
     * @param soon it is replayed at once; if not, clients ask again
     */
    void failed(String id, boolean soon) {
        parked.remove(id);
        List<Deliver<C, E, L>> queue = replaying.computeIfAbsent(id, absent -> new ArrayList<>());
        if (!soon) {
            pausing.add(id);
            queue.removeIf(command -> {
                command.answerWhileLoading();
                return command.isRequest();
            });
        }
    }

    /** {@code id} is being replayed now. */
    void replaying(String id) {
        pausing.remove(id);
    }

    boolean isReplaying(String id) {
        return replaying.containsKey(id);
    }

    /** {@code id} is replayed; the commands that waited for it. */
    List<Deliver<C, E, L>> replayed(String id) {
        List<Deliver<C, E, L>> queue = replaying.remove(id);
        return queue == null ? List.of() : queue;
    }

    /** Keeps a state machine that needs no actor just now. */
    void park(StateMachine<C, E, L> machine) {
        parked.put(machine.id(), machine);
    }

    /** The state machine kept here, null if there is none. */
    @Nullable
    StateMachine<C, E, L> parked(String id) {
        return parked.get(id);
    }

    /** Takes out the state machine that gets an actor. */
    void unpark(String id) {
        parked.remove(id);
    }

    /** The state machines kept here. */
    List<StateMachine<C, E, L>> parked() {
        return List.copyOf(parked.values());
    }

    /** This broker coordinates here no more: refuses all that waits and forgets everything. */
    void resign() {
        waiting.forEach(command -> command.refuse(Errors.NOT_COORDINATOR));
        replaying.values().forEach(queue -> queue.forEach(command -> command.refuse(Errors.NOT_COORDINATOR)));
        waiting.clear();
        replaying.clear();
        parked.clear();
    }

    @Override
    public String toString() {
        return topic + "-" + index();
    }
}
