package io.aeon.replication;

import io.aeon.replication.FetchRequest.Wanted;
import io.aeon.replication.FetcherCommand.Answer;
import io.aeon.replication.FetcherCommand.Answered;
import io.aeon.replication.FetcherCommand.Assign;
import io.aeon.replication.FetcherCommand.Failed;
import io.aeon.replication.FetcherCommand.OffsetsFound;
import io.aeon.replication.FetcherCommand.OffsetsUnknown;
import io.aeon.replication.FetcherCommand.Remove;
import io.aeon.replication.FetcherCommand.Stored;
import io.aeon.replication.FetcherCommand.Tick;
import io.aeon.replication.FetcherEffect.Append;
import io.aeon.replication.FetcherEffect.FindOffsets;
import io.aeon.replication.FetcherEffect.Send;
import io.aeon.replication.FetcherEffect.StartAnew;
import io.aeon.replication.FetcherEffect.Truncate;
import io.aeon.replication.FetcherEffect.TruncateTo;
import io.aeon.replication.SimulatedController.Altered;
import io.aeon.replication.SimulatedController.Image;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A broker: its replicas, a fetcher for each other broker that leads, and the fetch sessions of its followers. */
final class SimulatedBroker implements LiveBrokers {
    private static final long BACKOFF = 20;
    private static final long PATIENCE = 5;

    private static final class Session {
        private final int id;
        private int epoch = 1;
        private final Map<Integer, Wanted<Integer>> wanted = new TreeMap<>();

        Session(int id) {
            this.id = id;
        }
    }

    private final int id;
    private final SimulatedCluster cluster;
    private final SimulatedController controller;
    private final @Nullable SimulatedReplica[] replicas;
    private final Map<Integer, Fetcher<Integer, Batch>> fetchers = new TreeMap<>();
    private final Map<Integer, Session> sessions = new HashMap<>();
    private final List<SimulatedCoordinator> coordinators = new ArrayList<>();
    private boolean up = true;
    private boolean registered = true;
    private boolean lostRecords;
    private boolean clean = true;
    private int life;
    private int applied = -1;
    private long brokerEpoch;
    private int lastSession;
    private final int[] copies;

    SimulatedBroker(int id, SimulatedCluster cluster, SimulatedController controller, int partitions) {
        this.id = id;
        this.cluster = cluster;
        this.controller = controller;
        copies = new int[partitions];
        replicas = new SimulatedReplica[partitions];
        for (int i = 0; i < partitions; i++) {
            if ((controller.partition(i).replicas() & 1 << id) != 0) {
                replicas[i] = new SimulatedReplica(this, i, cluster);
            }
        }
    }

    int id() {
        return id;
    }

    int life() {
        return life;
    }

    boolean isUp() {
        return up;
    }

    boolean isRegistered() {
        return registered;
    }

    /** Whether records that the controller counts on may be lost, until the broker has registered again. */
    boolean lostRecords() {
        return lostRecords;
    }

    @Nullable
    SimulatedReplica replica(int partition) {
        return replicas[partition];
    }

    @Override
    public OptionalLong epochOf(int broker) {
        Image image = controller.image(applied);
        return image.isFenced(broker)
                ? OptionalLong.empty()
                : OptionalLong.of(image.brokerEpochs().get(broker));
    }

    /** @param forced whether the broker stops cleanly */
    void crash(Random random, boolean forced) {
        up = false;
        registered = false;
        life++;
        // A life without a registration proves nothing about the one before it.
        clean = !lostRecords && (forced || cluster.sync() || cluster.has(Fault.CLAIMS_A_CLEAN_SHUTDOWN));
        lostRecords = !clean;
        fetchers.clear();
        sessions.clear();
        coordinators.forEach(SimulatedCoordinator::stop);
        coordinators.clear();
        for (SimulatedReplica replica : replicas) {
            if (replica != null) {
                if (forced) {
                    replica.log.force();
                }
                replica.crash(random);
            }
        }
    }

    void start() {
        up = true;
    }

    void register() {
        controller.register(id, clean);
        brokerEpoch = controller.brokerEpoch(id);
        registered = true;
        lostRecords = false;
        applied = controller.version() - 1;
        apply(1);
    }

    /** Applies the next versions of the metadata. */
    void apply(int versions) {
        int target = Math.min(controller.version(), applied + versions);
        applied = target;
        Image image = controller.image(applied);
        for (SimulatedReplica replica : replicas) {
            if (replica != null) {
                int before = replica.leader();
                int epochBefore = replica.leaderEpoch();
                replica.apply(image.partitions().get(replica.index));
                boolean moved = replica.leader() != before || replica.leaderEpoch() != epochBefore;
                if (moved && before != replica.leader() && fetchers.containsKey(before)) {
                    step(before, new Remove<>(replica.index));
                }
            }
        }
    }

    boolean isBehind() {
        return applied < controller.version();
    }

    void tick() {
        for (Integer leader : List.copyOf(fetchers.keySet())) {
            step(leader, new Tick<>());
        }
        for (SimulatedReplica replica : replicas) {
            if (replica != null) {
                replica.propose();
            }
        }
    }

    void force() {
        for (SimulatedReplica replica : replicas) {
            if (replica != null) {
                replica.force();
            }
        }
    }

    /** An answer counts only if it belongs to the copy of the request that was sent last. */
    void send(int partition, IsrChange change) {
        int now = life;
        long epoch = brokerEpoch;
        int copy = ++copies[partition];
        SimulatedReplica replica = replicas[partition];
        Consumer<Altered> reply = answer -> {
            if (life == now && copies[partition] == copy) {
                replica.altered(change, answer);
            }
        };
        Runnable loss = () -> reply.accept(new Altered(Errors.REQUEST_TIMED_OUT, 0, 0));
        Runnable delivery = () -> {
            Altered answer = controller.alter(partition, id, epoch, change);
            cluster.controllerChanged();
            cluster.network().reply(SimulatedNetwork.OUTSIDE, id, now, answer, () -> reply.accept(answer), loss);
        };
        cluster.network().sendToController(id, change, delivery, loss);
    }

    void assign(SimulatedReplica replica, int epoch) {
        int leader = replica.leader();
        if (leader != SimulatedController.NOBODY && replica.leaderEpoch() == epoch) {
            fetchers.computeIfAbsent(leader, each -> new Fetcher<>(BACKOFF, PATIENCE, held -> false));
            step(leader, new Assign<>(replica.index, epoch, replica.log.position()));
        }
    }

    void stored(SimulatedReplica replica, int epoch) {
        if (fetchers.containsKey(replica.leader())) {
            step(replica.leader(), new Stored<>(replica.index, epoch, replica.log.position()));
        }
    }

    private void step(int leader, FetcherCommand<Integer, Batch> command) {
        Fetcher<Integer, Batch> fetcher = fetchers.get(leader);
        if (fetcher == null) {
            return;
        }
        for (FetcherEffect<Integer, Batch> effect : fetcher.step(command, cluster.now())) {
            perform(leader, effect);
        }
    }

    private void perform(int leader, FetcherEffect<Integer, Batch> effect) {
        if (effect instanceof Send<Integer, Batch> send) {
            sendFetch(leader, send.request());
        } else if (effect instanceof Append<Integer, Batch> append) {
            replica(append.partition()).append(append);
        } else if (effect instanceof Truncate<Integer, Batch> truncate) {
            SimulatedReplica replica = replica(truncate.partition());
            EpochEnd leaderEnd = truncate.leaderEnd();
            EpochEnd own = replica.log.endOf(leaderEnd.epoch());
            replica.truncate(truncate.leaderEpoch(), EpochEnd.truncation(leaderEnd, own, replica.log.end()));
        } else if (effect instanceof TruncateTo<Integer, Batch> truncate) {
            replica(truncate.partition()).truncate(truncate.leaderEpoch(), truncate.offset());
        } else if (effect instanceof StartAnew<Integer, Batch> anew) {
            replica(anew.partition()).startAnew(anew.leaderEpoch(), anew.offset());
        } else if (effect instanceof FindOffsets<Integer, Batch> find) {
            findOffsets(leader, find);
        }
    }

    private void sendFetch(int leader, FetchRequest<Integer> request) {
        int now = life;
        long epoch = cluster.has(Fault.TELLS_NO_BROKER_EPOCH) ? IsrChange.UNKNOWN_EPOCH : brokerEpoch;
        Fetcher<Integer, Batch> sender = fetchers.get(leader);
        Runnable loss = () -> {
            if (life == now && fetchers.get(leader) == sender) {
                step(leader, new Failed<>(request.id()));
            }
        };
        SimulatedBroker target = cluster.broker(leader);
        cluster.network()
                .send(
                        id,
                        leader,
                        request,
                        () -> {
                            Answered<Integer, Batch> answer = target.fetch(id, epoch, request);
                            cluster.network().reply(leader, id, now, answer, () -> step(leader, answer), loss);
                        },
                        loss);
    }

    private void findOffsets(int leader, FindOffsets<Integer, Batch> find) {
        int now = life;
        Runnable loss = () -> {
            if (life == now) {
                step(leader, new OffsetsUnknown<>(find.partition(), find.leaderEpoch()));
            }
        };
        SimulatedBroker target = cluster.broker(leader);
        cluster.network()
                .send(
                        id,
                        leader,
                        find,
                        () -> {
                            SimulatedReplica replica = target.replica(find.partition());
                            if (replica.leads() && replica.leaderEpoch() == find.leaderEpoch()) {
                                FetcherCommand<Integer, Batch> found = new OffsetsFound<>(
                                        find.partition(), find.leaderEpoch(), replica.log.start(), replica.log.end());
                                cluster.network().reply(leader, id, now, found, () -> step(leader, found), loss);
                            } else {
                                cluster.network().reply(leader, id, now, "unknown offsets", loss, loss);
                            }
                        },
                        loss);
    }

    private Answered<Integer, Batch> fetch(int follower, long epoch, FetchRequest<Integer> request) {
        Session session = sessions.get(follower);
        if (request.sessionEpoch() == 0) {
            session = new Session(++lastSession);
            sessions.put(follower, session);
        } else if (session == null || session.id != request.sessionId()) {
            return new Answered<>(request.id(), 0, Errors.FETCH_SESSION_ID_NOT_FOUND, List.of());
        } else if (session.epoch != request.sessionEpoch()) {
            return new Answered<>(request.id(), 0, Errors.INVALID_FETCH_SESSION_EPOCH, List.of());
        } else {
            session.epoch++;
        }
        request.forgotten().forEach(session.wanted::remove);
        for (Wanted<Integer> each : request.wanted()) {
            session.wanted.put(each.partition(), each);
        }
        List<Answer<Integer, Batch>> answers = new ArrayList<>();
        for (Wanted<Integer> each : session.wanted.values()) {
            answers.add(replica(each.partition()).fetch(follower, epoch, each, cluster.fetchSize()));
        }
        return new Answered<>(request.id(), session.id, Errors.NONE, answers);
    }

    /** This broker was elected leader of the transaction log. A former coordinator of it ends later. */
    void elected(SimulatedCoordinator coordinator) {
        coordinators.add(coordinator);
    }

    /** The coordinators work, and former ones end at some time. */
    void coordinate(Random random) {
        coordinators.removeIf(SimulatedCoordinator::isOver);
        if (!coordinators.isEmpty()) {
            int pick = random.nextInt(coordinators.size());
            coordinators.get(pick).act(random);
            if (pick < coordinators.size() - 1 && random.nextInt(4) == 0) {
                coordinators.remove(pick).stop();
            }
        }
    }

    /** The coordinator ends what it can. */
    void endTransactions() {
        if (!coordinators.isEmpty()) {
            coordinators.get(coordinators.size() - 1).settle();
        }
    }

    void endTransaction(int transaction, Entry.Kind wanted, BiConsumer<Errors, Entry.@Nullable Kind> reply) {
        if (coordinators.isEmpty()) {
            reply.accept(Errors.NOT_COORDINATOR, null);
        } else {
            coordinators.get(coordinators.size() - 1).end(transaction, wanted, reply);
        }
    }

    /** The leader has no memory for the sessions of its followers. */
    void forgetSessions() {
        sessions.clear();
    }
}
