package io.aeon.broker.coordinator;

import io.aeon.broker.coordinator.CoordinatorsCommand.Deliver;
import io.aeon.coordinator.Effects;
import io.aeon.coordinator.HeapShare;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.StateMachine;
import io.aeon.metadata.ClusterImage.Partition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a coordinator topic while this broker leads it: its parked state machines, and the commands that
 * wait for a replay. Not thread-safe.
 */
final class CoordinatorPartition<C, E extends Effects, L> {
    /** Maximum wait of a request for the replay of the partition; after that clients have to retry. */
    static final long PATIENCE_MS = 3000;

    private static final int WAITING = 10_000;

    private final CoordinatorKind<C, E, L> kind;
    private final Uuid topicId;
    private final CoordinatorStore<C, E, L> store;
    private final HeapShare.Part heap;
    private final Map<String, StateMachine<C, E, L>> parked = new HashMap<>();
    private final Map<String, Waiting<C, E, L>> replaying = new HashMap<>();
    private final Set<String> pausing = new HashSet<>();
    private final List<Deliver<C, E, L>> waiting = new ArrayList<>();

    /** Commands to all state machines that arrived before the partition was loaded. */
    private final WaitingBroadcasts<C> missed;

    private long loadingSinceMs;
    private Partition role;
    private State state = State.LOADING;

    private enum State {
        LOADING,
        UNREADABLE,
        LOADED
    }

    /** What waits for the replay of one state machine. */
    private record Waiting<C, E extends Effects, L>(WaitingBroadcasts<C> broadcasts, List<Deliver<C, E, L>> commands) {}

    /** @param role the metadata of the partition, which this broker leads */
    CoordinatorPartition(CoordinatorKind<C, E, L> kind, Uuid topicId, Partition role, Now now) {
        this.kind = kind;
        this.topicId = topicId;
        this.role = role;
        this.store = kind.store(new TopicIdPartition(topicId, role.index(), kind.topic()), role);
        this.heap = kind.heap().part();
        this.missed = new WaitingBroadcasts<>(kind);
        this.loadingSinceMs = now.elapsedMs();
    }

    /** Starts a further try to load the partition. */
    void loadAgain(Now now) {
        if (state == State.UNREADABLE) {
            state = State.LOADING;
            loadingSinceMs = now.elapsedMs();
        }
    }

    int index() {
        return role.index();
    }

    int leaderEpoch() {
        return role.leaderEpoch();
    }

    CoordinatorStore<C, E, L> store() {
        return store;
    }

    /**
     * Whether the state here is still valid, because no other broker can have led the partition in between. A sole
     * replica writes in any leader epoch and one of several only in its own, so the state is not kept from the one to
     * the other.
     *
     * @param latestTopicId id of the topic in the latest metadata
     * @param latest the partition in the latest metadata
     */
    boolean continues(Uuid latestTopicId, Partition latest, int nodeId) {
        boolean wasAlone = role.replicas().size() == 1;
        boolean same = latestTopicId.equals(topicId)
                && latest.isLedBy(nodeId)
                && (wasAlone
                        ? latest.replicas().equals(role.replicas())
                        : latest.replicas().size() > 1 && latest.leaderEpoch() == role.leaderEpoch());
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

    /** The log cannot be read now. Requests that wait or arrive fail until it can. */
    void unreadable() {
        state = State.UNREADABLE;
        waiting.forEach(Deliver::answerWhileLoading);
        waiting.clear();
    }

    /**
     * The log is replayed.
     *
     * @return the commands that waited for it
     */
    List<Deliver<C, E, L>> loaded() {
        state = State.LOADED;
        List<Deliver<C, E, L>> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }

    /** Keeps a command to all state machines for those that are not loaded yet; see {@link #takeMissed}. */
    void tellLater(C command) {
        if (state == State.LOADED) {
            replaying.values().forEach(queue -> queue.broadcasts().add(command));
        } else {
            missed.add(command);
        }
    }

    List<C> takeMissed() {
        return missed.take();
    }

    /**
     * Whether the state machine of the command is not loaded yet. If so, the command waits, or is answered if it must
     * not wait.
     */
    boolean holds(Deliver<C, E, L> command, Now now) {
        if (state != State.LOADED) {
            boolean patient = state == State.LOADING && now.elapsedMs() - loadingSinceMs < PATIENCE_MS;
            enqueue(command, waiting, patient);
            return true;
        }
        Waiting<C, E, L> queue = replaying.get(command.id());
        if (queue != null) {
            enqueue(command, queue.commands(), !pausing.contains(command.id()));
        }
        return queue != null;
    }

    /** Commands that are not requests are never dropped, because their senders do not repeat them. */
    private void enqueue(Deliver<C, E, L> command, List<Deliver<C, E, L>> queue, boolean patient) {
        boolean mayWait = patient && command.mayWait() && queue.size() < WAITING;
        if (mayWait || !command.isRequest()) {
            queue.add(command);
        } else {
            command.answerWhileLoading();
        }
    }

    /**
     * The state machine of {@code id} failed or cannot be replayed; its commands wait for the replay.
     *
     * @param soon whether it is replayed at once; otherwise requests fail and clients retry
     */
    void failed(String id, boolean soon) {
        unpark(id);
        Waiting<C, E, L> queue = replaying.computeIfAbsent(
                id, absent -> new Waiting<>(new WaitingBroadcasts<>(kind), new ArrayList<>()));
        if (!soon) {
            pausing.add(id);
            queue.commands().removeIf(command -> {
                command.answerWhileLoading();
                return command.isRequest();
            });
        }
    }

    /** The replay of {@code id} starts. */
    void replaying(String id) {
        pausing.remove(id);
    }

    boolean isReplaying(String id) {
        return replaying.containsKey(id);
    }

    /**
     * The replay of {@code id} has ended.
     *
     * @return the commands that waited for it, those to all state machines first
     */
    List<Deliver<C, E, L>> replayed(String id) {
        Waiting<C, E, L> queue = replaying.remove(id);
        if (queue == null) {
            return List.of();
        }
        List<Deliver<C, E, L>> commands = new ArrayList<>();
        queue.broadcasts().take().forEach(command -> commands.add(new Deliver<>(id, command)));
        commands.addAll(queue.commands());
        return commands;
    }

    /** Keeps a state machine that needs no actor. */
    void park(StateMachine<C, E, L> machine) {
        unpark(machine.id());
        parked.put(machine.id(), machine);
        heap.grows(machine.heapBytes());
    }

    /** The parked state machine with this id; null if there is none. */
    @Nullable
    StateMachine<C, E, L> parked(String id) {
        return parked.get(id);
    }

    /** Removes a state machine that gets an actor. */
    void unpark(String id) {
        StateMachine<C, E, L> removed = parked.remove(id);
        if (removed != null) {
            heap.grows(-removed.heapBytes());
        }
    }

    /** The parked state machines. */
    List<StateMachine<C, E, L>> parked() {
        return List.copyOf(parked.values());
    }

    /** This broker is no longer the coordinator: fails all waiting requests and discards all state. */
    void resign() {
        waiting.forEach(command -> command.refuse(Errors.NOT_COORDINATOR));
        replaying
                .values()
                .forEach(queue -> queue.commands().forEach(command -> command.refuse(Errors.NOT_COORDINATOR)));
        waiting.clear();
        replaying.clear();
        parked.clear();
        heap.is(0);
    }

    @Override
    public String toString() {
        return kind.topic() + "-" + index();
    }
}
