package io.aeon.replication;

import io.aeon.replication.SimulatedController.Image;
import io.aeon.replication.SimulatedController.Partition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Three to five brokers with one or two partitions, or with one partition and a transaction log, each of three
 * replicas, their controller, producers and network, run by a seed: the same seed and fault bring about the same
 * schedule.
 */
final class SimulatedCluster {
    private static final int REPLICAS = 3;
    private static final int MOST_TRANSACTIONS = 100;
    private static final int LONGEST_HEALING = 400;

    private final Random random;
    private final @Nullable Fault fault;
    private final @Nullable List<String> transcript;
    private final SimulatedController controller;
    private final SimulatedNetwork network;
    private final SimulatedBroker[] brokers;
    private final SimulatedProducer[] producers;
    private final SimulatedTransactor transactor;
    private final boolean transactional;
    private final int dataPartitions;
    private final CommittedLog[] committed;
    private final List<Map<Integer, String>> leaders = new ArrayList<>();
    private final boolean sync;
    private final int minInSync;
    private final int fetchSize;
    private final int trouble;
    private final int maxLag;
    private long now;
    private boolean settling;

    SimulatedCluster(long seed, @Nullable Fault fault, @Nullable List<String> transcript) {
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.fault = fault;
        this.transcript = transcript;
        int brokerCount = REPLICAS + random.nextInt(Brokers.MOST - REPLICAS + 1);
        transactional = random.nextInt(2) == 0;
        dataPartitions = transactional ? 1 : 1 + random.nextInt(2);
        int partitions = dataPartitions + (transactional ? 1 : 0);
        sync = random.nextInt(3) > 0;
        minInSync = 1 + random.nextInt(REPLICAS);
        maxLag = 50 << random.nextInt(4);
        trouble = 1 + random.nextInt(4);
        fetchSize = 1 + random.nextInt(5);
        int[] replicas = new int[partitions];
        for (int i = 0; i < partitions; i++) {
            while (Integer.bitCount(replicas[i]) < REPLICAS) {
                replicas[i] |= 1 << random.nextInt(brokerCount);
            }
        }
        controller = new SimulatedController(brokerCount, replicas, minInSync, has(Fault.ELECTS_THE_LAST_LEADER));
        network = new SimulatedNetwork(this, brokerCount);
        transactor = new SimulatedTransactor(this, dataPartitions, MOST_TRANSACTIONS);
        committed = new CommittedLog[partitions];
        for (int i = 0; i < partitions; i++) {
            committed[i] = new CommittedLog(i, transactor);
            leaders.add(new HashMap<>());
        }
        producers = new SimulatedProducer[2];
        for (int i = 0; i < producers.length; i++) {
            producers[i] = new SimulatedProducer(i, this, dataPartitions);
        }
        brokers = new SimulatedBroker[brokerCount];
        for (int i = 0; i < brokerCount; i++) {
            brokers[i] = new SimulatedBroker(i, this, controller, partitions);
        }
        for (SimulatedBroker each : brokers) {
            each.apply(1);
        }
    }

    /**
     * Runs a schedule, then heals the cluster.
     *
     * @return batches with data that were committed
     * @throws Violation a promise is broken
     */
    int run(int steps) {
        for (int step = 0; step < steps; step++) {
            act();
        }
        settle();
        return Arrays.stream(committed).mapToInt(CommittedLog::records).sum();
    }

    /** The number of transactions that are complete. */
    int completeTransactions() {
        return transactor.completed();
    }

    private void act() {
        int dice = random.nextInt(1000);
        if (dice < 440) {
            network.deliverAny(random);
        } else if (dice < 460) {
            network.loseAny(random);
        } else if (dice < (transactional ? 530 : 580)) {
            producers[random.nextInt(producers.length)].act(random);
        } else if (dice < 610) {
            transact(dice < 570);
        } else if (dice < 620) {
            producers[random.nextInt(producers.length)].refresh();
        } else if (dice < 730) {
            actOn(brokers[random.nextInt(brokers.length)], dice - 620);
        } else if (dice < 830) {
            SimulatedBroker broker = brokers[random.nextInt(brokers.length)];
            if (broker.isUp() && broker.isRegistered()) {
                broker.apply(1 + random.nextInt(3));
            }
        } else if (dice < 940) {
            SimulatedBroker broker = brokers[random.nextInt(brokers.length)];
            now += random.nextInt(100) == 0 ? random.nextInt(maxLag) : random.nextInt(8);
            if (broker.isUp()) {
                broker.tick();
            }
        } else if (random.nextInt(4) < trouble) {
            control(brokers[random.nextInt(brokers.length)], dice - 940);
        } else {
            network.deliverAny(random);
        }
    }

    private void transact(boolean asProducer) {
        if (!transactional) {
            network.deliverAny(random);
        } else if (asProducer) {
            transactor.act(random);
        } else {
            for (SimulatedBroker each : brokers) {
                each.coordinate(random);
            }
        }
    }

    private void actOn(SimulatedBroker broker, int dice) {
        SimulatedReplica replica = broker.replica(random.nextInt(committed.length));
        if (!broker.isUp()) {
            return;
        }
        if (dice < 80) {
            if (replica != null) {
                replica.force();
            }
        } else if (dice < 90) {
            if (replica != null) {
                replica.checkpoint();
            }
        } else if (dice < 97) {
            if (replica != null) {
                replica.deleteRecords(random);
            }
        } else if (dice < 104) {
            if (replica != null && mayReopen(replica)) {
                note("reopen", replica);
                replica.reopen(random);
            }
        } else {
            broker.forgetSessions();
        }
    }

    /** After a failed write the log is opened again, with the records that are durable. */
    private boolean mayReopen(SimulatedReplica replica) {
        return replica.leads() ? has(Fault.LEADS_ON_AFTER_A_LOSS) : sync || has(Fault.FOLLOWS_ON_AFTER_A_LOSS);
    }

    private void control(SimulatedBroker broker, int dice) {
        if (dice < 12) {
            if (broker.isUp()) {
                boolean forced = random.nextInt(3) == 0;
                note("crash", broker.id());
                broker.crash(random, forced);
                network.disconnectFromController(broker.id());
            }
        } else if (dice < 32) {
            revive(broker);
        } else if (dice < 45) {
            if (broker.isUp() && broker.isRegistered()) {
                note("unfence", broker.id());
                controller.unfence(broker.id());
            }
        } else if (dice < 52) {
            note("fence", broker.id());
            controller.fence(broker.id());
        } else {
            int partition = random.nextInt(committed.length);
            note("elect", partition);
            controller.elect(partition, random);
        }
        controllerChanged();
    }

    private void revive(SimulatedBroker broker) {
        if (!broker.isUp()) {
            note("start", broker.id());
            broker.start();
        } else if (!broker.isRegistered()) {
            note("register", broker.id());
            broker.register();
        }
    }

    /** Nothing fails any more: all brokers return, all replicas become equal, and everybody gets an answer. */
    private void settle() {
        settling = true;
        for (SimulatedBroker each : brokers) {
            revive(each);
            revive(each);
            controller.unfence(each.id());
        }
        for (int round = 0; round < LONGEST_HEALING; round++) {
            now += 10;
            for (SimulatedBroker each : brokers) {
                each.apply(Integer.MAX_VALUE / 2);
                each.force();
                each.tick();
            }
            for (SimulatedProducer each : producers) {
                each.refresh();
                each.retry();
            }
            if (transactional) {
                endTransactions();
            }
            network.deliverAll();
            controllerChanged();
            if (isHealed()) {
                return;
            }
        }
        throw new Violation("the cluster does not heal: " + this);
    }

    private void endTransactions() {
        transactor.refresh();
        transactor.settle();
        for (SimulatedBroker each : brokers) {
            each.endTransactions();
        }
    }

    private boolean isHealed() {
        boolean allLed = true;
        for (int i = 0; i < committed.length; i++) {
            Partition state = controller.partition(i);
            // Without an unclean election nobody leads a partition when all who had its records have lost some.
            if (state.leader() == SimulatedController.NOBODY && state.isr() == 0 && state.eligible() == 0) {
                allLed = false;
            } else if (!isHealed(i, state)) {
                return false;
            }
        }
        return !allLed
                || ((!transactional || transactor.isDone())
                        && Arrays.stream(producers).allMatch(SimulatedProducer::isDone));
    }

    private boolean isHealed(int partition, Partition state) {
        if (state.leader() == SimulatedController.NOBODY || state.isr() != state.replicas()) {
            return false;
        }
        SimulatedLog log = brokers[state.leader()].replica(partition).log;
        for (SimulatedBroker each : brokers) {
            SimulatedReplica replica = each.replica(partition);
            if (replica != null
                    && (replica.log.end() != log.end()
                            || replica.highWatermark() != log.end()
                            || replica.log.start() < log.start())) {
                return false;
            }
        }
        return committed[partition].end() == log.end();
    }

    boolean isSettling() {
        return settling;
    }

    boolean has(Fault other) {
        return fault == other;
    }

    /** Whether the flush mode is sync: a broker tells others only what is durable. */
    boolean sync() {
        return sync;
    }

    int minInSync() {
        return minInSync;
    }

    /** The number of batches in an answer to a fetch. */
    int fetchSize() {
        return fetchSize;
    }

    /** Milliseconds for which a follower stays in the ISR without being caught up. */
    int maxLag() {
        return maxLag;
    }

    /** Milliseconds. */
    long now() {
        return now;
    }

    SimulatedNetwork network() {
        return network;
    }

    SimulatedBroker broker(int id) {
        return brokers[id];
    }

    Partition partition(int index) {
        return controller.partition(index);
    }

    CommittedLog committed(int partition) {
        return committed[partition];
    }

    int newestMetadata() {
        return controller.version();
    }

    /** Sends a batch to the broker that leads in this version of the metadata. */
    void produce(int partition, int version, Entry entry, Consumer<Errors> reply) {
        Image image = controller.image(version);
        int leader = image.partitions().get(partition).leader();
        Runnable loss = () -> reply.accept(Errors.REQUEST_TIMED_OUT);
        if (leader == SimulatedController.NOBODY) {
            loss.run();
            return;
        }
        network.send(
                SimulatedNetwork.OUTSIDE,
                leader,
                entry,
                () -> {
                    SimulatedReplica replica = brokers[leader].replica(partition);
                    replica.produce(
                            entry,
                            error -> network.send(
                                    leader, SimulatedNetwork.OUTSIDE, error, () -> reply.accept(error), loss));
                },
                loss);
    }

    /** Asks the broker that leads the transaction log in this version of the metadata to end a transaction. */
    void endTransaction(
            int version, int transaction, Entry.Kind wanted, BiConsumer<Errors, Entry.@Nullable Kind> reply) {
        int leader = controller.image(version).partitions().get(dataPartitions).leader();
        Runnable loss = () -> reply.accept(Errors.REQUEST_TIMED_OUT, null);
        if (leader == SimulatedController.NOBODY) {
            loss.run();
            return;
        }
        BiConsumer<Errors, Entry.@Nullable Kind> answer = (error, outcome) -> network.send(
                leader, SimulatedNetwork.OUTSIDE, error + " " + outcome, () -> reply.accept(error, outcome), loss);
        network.send(
                SimulatedNetwork.OUTSIDE,
                leader,
                wanted + " of transaction " + transaction,
                () -> brokers[leader].endTransaction(transaction, wanted, answer),
                loss);
    }

    boolean isTransactionLog(int partition) {
        return partition == dataPartitions;
    }

    /** A replica begins to lead. */
    void leads(SimulatedReplica replica, SimulatedBroker broker) {
        String who = broker.id() + " in its life " + broker.life();
        String before = leaders.get(replica.index).putIfAbsent(replica.leaderEpoch(), who);
        if (before != null && !before.equals(who)) {
            throw new Violation("epoch " + replica.leaderEpoch() + " is led by " + before + " and by " + who);
        }
        if (isTransactionLog(replica.index)) {
            broker.elected(new SimulatedCoordinator(this, replica, dataPartitions));
        }
    }

    /** The high watermark of a replica has covered more records. */
    void covered(SimulatedReplica replica, int from, int to) {
        note("commits from " + from + " to " + to, replica);
        committed[replica.index].covered(replica.log, from, to);
        checkMembers(replica.index, from);
    }

    /** Every possible leader has all committed records. */
    void controllerChanged() {
        for (int i = 0; i < committed.length; i++) {
            checkMembers(i, 0);
        }
    }

    private void checkMembers(int partition, int from) {
        Partition state = controller.partition(partition);
        for (SimulatedBroker broker : brokers) {
            if (((state.isr() | state.eligible()) & 1 << broker.id()) != 0 && !broker.lostRecords()) {
                SimulatedReplica replica = broker.replica(partition);
                committed[partition].isIn(replica, from, end(replica));
            }
        }
    }

    private int end(SimulatedReplica replica) {
        return sync ? replica.log.durable() : replica.log.end();
    }

    void note(String what, Object about) {
        if (transcript != null) {
            transcript.add(now + " " + what + " " + about);
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < committed.length; i++) {
            text.append("\n")
                    .append(controller.partition(i))
                    .append(" committed to ")
                    .append(committed[i].end());
            for (SimulatedBroker each : brokers) {
                SimulatedReplica replica = each.replica(i);
                if (replica != null) {
                    text.append("\n  ").append(replica).append(' ').append(replica.log);
                }
            }
        }
        return text.toString();
    }
}
