package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.Arguments;
import io.aeon.benchmarks.broker.Home;
import io.aeon.benchmarks.broker.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;

/**
 * Replaces the nodes of a cluster of Apache Kafka by nodes of Aeon, one by one, first as brokers, then as controllers,
 * and goes the whole way back, while clients run: an idempotent producer with acks=all, a transactional producer, a
 * classic group and a group of the consumer protocol. Nothing that was acknowledged may be lost, be there twice or have
 * changed its order, no commit may be lost, and the replicas on nodes of both programs are the same, byte by byte.
 *
 * <p>Options: {@code --until joined|mixed|replaced|back}, {@code --rate}, {@code --flush}, {@code --heap},
 * {@code --kafka-heap}.
 */
final class MixedCluster {
    /** How far a run goes, in this order. */
    private enum Stage {
        JOINED,
        MIXED,
        REPLACED,
        BACK
    }

    private static final int NODES = 3;
    private static final List<Integer> FIRST = MixedNodes.range(1, NODES);
    private static final List<Integer> AEON = MixedNodes.range(NODES + 1, 2 * NODES);
    private static final List<Integer> LAST = MixedNodes.range(2 * NODES + 1, 3 * NODES);

    private static final String RECORDS = "records";
    private static final String TRANSACTIONS = "transactions";
    private static final int PARTITIONS = 6;
    private static final int SESSION_MS = 10_000;
    /** Records that are acknowledged before the next change. */
    private static final int BETWEEN_CHANGES = 2000;

    private final Checks checks = new Checks();
    private final Set<Integer> coordinators = new TreeSet<>();
    private final Set<Integer> transactionCoordinators = new TreeSet<>();
    private final Set<Integer> quorumLeaders = new TreeSet<>();
    private final Stage last;
    private final int rate;
    private final Path directory;
    private final MixedNodes nodes;
    private final Admin admin;
    private final MixedMoves moves;

    private MixedCluster(Arguments arguments) throws Exception {
        last = Stage.valueOf(arguments.text("until", "back").toUpperCase(Locale.ROOT));
        rate = arguments.number("rate", 500);
        directory = Home.newRunDirectory("mixed-cluster");
        nodes = new MixedNodes(arguments, directory, MixedNodes.range(1, 3 * NODES));
        admin = Topics.admin(nodes.bootstrap());
        moves = new MixedMoves(admin, nodes.bootstrap(), directory, checks);
        checks.note("data in %s", directory);
    }

    public static void main(String[] args) throws Exception {
        MixedCluster rig =
                new MixedCluster(new Arguments(args, Set.of("until", "rate", "flush", "heap", "kafka-heap")));
        try (rig.nodes;
                rig.admin) {
            rig.run();
        }
        if (rig.checks.failed() == 0) {
            Home.delete(rig.directory);
        }
        rig.checks.exit();
    }

    private void run() throws Exception {
        nodes.found(NODES);
        moves.awaitBrokers(FIRST);
        admin.createTopics(List.of(topic(RECORDS, PARTITIONS), topic(TRANSACTIONS, NODES)))
                .all()
                .get();
        lowerFeatures();
        RecordLoad records = new RecordLoad(nodes.bootstrap(), RECORDS, PARTITIONS, rate);
        TransactionalLoad transactions = new TransactionalLoad(nodes.bootstrap(), TRANSACTIONS, NODES, rate);
        try (WatchedGroup classic = group("classic", false);
                WatchedGroup consumer = group("consumer", true)) {
            try (records;
                    transactions) {
                changes(records, transactions);
            }
            checkClients(records, transactions, List.of(classic, consumer));
        }
        checkCoordinators();
    }

    private static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, (short) NODES).configs(Map.of("min.insync.replicas", "2"));
    }

    private WatchedGroup group(String name, boolean consumerProtocol) {
        return new WatchedGroup(nodes.bootstrap(), RECORDS, name, PARTITIONS, SESSION_MS, number -> consumerProtocol);
    }

    private void lowerFeatures() throws Exception {
        String refusal = nodes.refusal(AEON.get(0), FIRST);
        checks.that(
                refusal.contains("share.version at level") && refusal.contains("streams.version at level"),
                "Aeon refuses a cluster with features that it does not have: %s",
                refusal.lines().reduce((one, other) -> other).orElse("it started"));
        moves.features("downgrade", "share.version=0", "streams.version=0");
    }

    private void changes(RecordLoad records, TransactionalLoad transactions) throws Exception {
        observe("three Kafka nodes", records, transactions);
        nodes.joinAeon(AEON.get(0), FIRST);
        moves.awaitBrokers(nodes.ids());
        observe("an Aeon broker has joined", records, transactions);
        if (last.compareTo(Stage.MIXED) >= 0) {
            replaceBrokers(records, transactions);
        }
        if (last.compareTo(Stage.REPLACED) >= 0) {
            replaceControllers(records, transactions);
        }
        if (last.compareTo(Stage.BACK) >= 0) {
            goBack(records, transactions);
        }
    }

    private void replaceBrokers(RecordLoad records, TransactionalLoad transactions) throws Exception {
        for (int i = 0; i < NODES; i++) {
            if (i > 0) {
                nodes.joinAeon(AEON.get(i), FIRST);
                moves.awaitBrokers(nodes.ids());
            }
            moves.replace(FIRST.get(i), AEON.get(i));
            observe("broker " + AEON.get(i) + " for broker " + FIRST.get(i), records, transactions);
        }
    }

    private void replaceControllers(RecordLoad records, TransactionalLoad transactions) throws Exception {
        for (int i = 0; i < NODES; i++) {
            int aeon = AEON.get(i);
            int kafka = FIRST.get(i);
            stop(aeon);
            nodes.startAsController(aeon, moves.voters());
            moves.awaitVoter(aeon);
            moves.awaitInSync();
            // A controller of Kafka that is no voter any more may know no other one.
            stop(kafka);
            moves.removeVoter(kafka, nodes.controllers(nodes.ids()));
            moves.unregister(kafka);
            moves.awaitBrokers(nodes.ids());
            observe("controller " + aeon + " for controller " + kafka, records, transactions);
        }
    }

    private void goBack(RecordLoad records, TransactionalLoad transactions) throws Exception {
        for (int i = 0; i < NODES; i++) {
            int aeon = AEON.get(i);
            int kafka = LAST.get(i);
            nodes.joinKafka(kafka, moves.voters());
            moves.awaitBrokers(nodes.ids());
            moves.replace(aeon, kafka);
            moves.addVoter(kafka, nodes.properties(kafka), nodes.controllers(nodes.ids()));
            stop(aeon);
            moves.removeVoter(aeon, nodes.controllers(nodes.ids()));
            moves.unregister(aeon);
            moves.awaitBrokers(nodes.ids());
            observe("Kafka's node " + kafka + " for node " + aeon, records, transactions);
        }
        moves.features("upgrade", "share.version=2", "streams.version=1");
    }

    private void stop(int id) throws Exception {
        int status = nodes.stop(id);
        // Kafka ends by the signal.
        checks.that(status == 0 || !AEON.contains(id), "node %d stopped with status %d", id, status);
    }

    /** Waits until the loads have gone on for a while, and looks at who does what. */
    private void observe(String what, RecordLoad records, TransactionalLoad transactions) throws Exception {
        long enough = records.acknowledged() + BETWEEN_CHANGES;
        long enoughInTransactions = transactions.acknowledged() + BETWEEN_CHANGES / 4;
        moves.await(
                () -> records.acknowledged() >= enough && transactions.acknowledged() >= enoughInTransactions,
                "acknowledgements after: " + what + " (" + records.failure() + ", " + transactions.failure() + ")");
        int classic = moves.coordinator("classic");
        int consumer = moves.coordinator("consumer");
        int transaction = moves.transactionCoordinator("load");
        int leader = moves.quorumLeader();
        coordinators.addAll(List.of(classic, consumer));
        transactionCoordinators.add(transaction);
        quorumLeaders.add(leader);
        checks.note(
                "%s: partitions led %s, groups coordinated by %d and %d, transactions by %d, voters %s led by %d",
                what, moves.leaders(), classic, consumer, transaction, moves.voters(), leader);
        compareReplicas(what);
    }

    /** A replica may lack records that came just now. The load is short of a segment, so each log is one file. */
    private void compareReplicas(String what) throws Exception {
        long bytes = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<Integer> replicas = moves.replicas(new TopicPartition(RECORDS, partition));
            Path first = log(replicas.get(0), partition);
            for (int other : replicas.subList(1, replicas.size())) {
                long common = Math.min(Files.size(first), Files.size(log(other, partition)));
                long differs = Files.mismatch(first, log(other, partition));
                bytes += common;
                if (differs >= 0 && differs < common) {
                    checks.that(
                            false,
                            "%s: partition %d on node %d differs from that on node %d at byte %d",
                            what,
                            partition,
                            other,
                            replicas.get(0),
                            differs);
                }
            }
        }
        checks.that(bytes > 0, "%s: %d bytes of replicas are the same", what, bytes);
    }

    private Path log(int node, int partition) {
        return nodes.logs(node).resolve(RECORDS + "-" + partition).resolve("00000000000000000000.log");
    }

    private void checkClients(RecordLoad records, TransactionalLoad transactions, List<WatchedGroup> groups)
            throws Exception {
        for (ReplicatedLoad load : List.of(records, transactions)) {
            checks.that(load.failure() == null, "no request was refused (%s)", load.failure());
            load.check(checks);
        }
        long all = Topics.ends(admin, RECORDS, PARTITIONS).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        for (WatchedGroup group : groups) {
            moves.await(() -> group.seen().delivered() >= all, "all records in group " + group.name());
            List<String> lost = group.lostCommits(admin, group.seen().committed());
            checks.that(
                    lost.isEmpty()
                            && group.seen().faults().isEmpty()
                            && group.failures().isEmpty(),
                    "group %s: %d records delivered, %d again; commits lost %s, faults %s, members failed %s",
                    group.name(),
                    all,
                    group.seen().repeated(),
                    lost,
                    group.seen().faults(),
                    group.failures());
        }
    }

    private void checkCoordinators() {
        if (last == Stage.JOINED) {
            return;
        }
        for (Map.Entry<String, Set<Integer>> each : Map.of(
                        "groups", coordinators,
                        "transactions", transactionCoordinators)
                .entrySet()) {
            checks.that(
                    AEON.stream().anyMatch(each.getValue()::contains)
                            && FIRST.stream().anyMatch(each.getValue()::contains),
                    "coordinators of %s were nodes of both programs: %s",
                    each.getKey(),
                    each.getValue());
        }
        checks.note("leaders of the quorum: %s", quorumLeaders);
    }
}
