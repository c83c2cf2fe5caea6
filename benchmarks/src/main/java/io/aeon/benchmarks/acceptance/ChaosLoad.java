package io.aeon.benchmarks.acceptance;

import io.aeon.benchmarks.broker.BrokerProcess;
import io.aeon.benchmarks.broker.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;

/**
 * A producer with idempotence, one with transactions, and a group of either protocol that reads the records of the
 * first, all on a cluster whose nodes fail.
 */
final class ChaosLoad {
    static final int PARTITIONS = 3;
    static final List<String> TOPICS = List.of("records", "transactions");
    private static final String RECORDS = TOPICS.get(0);
    private static final String TRANSACTIONS = TOPICS.get(1);
    private static final int SESSION_MS = 20_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Of the nodes, so that a member that could not leave is forgotten soon. */
    static final Map<String, String> NODE_SETTINGS = Map.of(
            "group.initial.rebalance.delay.ms", "0",
            "group.consumer.min.session.timeout.ms", Integer.toString(SESSION_MS),
            "group.consumer.session.timeout.ms", Integer.toString(SESSION_MS),
            "group.consumer.min.heartbeat.interval.ms", "1000",
            "group.consumer.heartbeat.interval.ms", "1000");

    private final Admin admin;
    private final Checks checks;
    private final List<WatchedGroup> groups;
    private final ReplicatedLoad records;
    private final ReplicatedLoad transactions;
    private final Silence recordsSilence;
    private final Silence transactionsSilence;
    private final Map<WatchedGroup, Map<TopicPartition, Long>> committed = new HashMap<>();

    /** Returns when all have begun. */
    ChaosLoad(String bootstrap, Admin admin, Checks checks, int rate) throws Exception {
        this.admin = admin;
        this.checks = checks;
        admin.createTopics(TOPICS.stream()
                        .map(topic -> new NewTopic(topic, PARTITIONS, (short) KillableCluster.NODES)
                                .configs(Map.of("min.insync.replicas", "2")))
                        .toList())
                .all()
                .get();
        groups = List.of(
                new WatchedGroup(bootstrap, RECORDS, "classic", PARTITIONS, SESSION_MS, number -> false),
                new WatchedGroup(bootstrap, RECORDS, "consumer", PARTITIONS, SESSION_MS, number -> true));
        records = new RecordLoad(bootstrap, RECORDS, PARTITIONS, rate);
        transactions = new TransactionalLoad(bootstrap, TRANSACTIONS, PARTITIONS, rate);
        recordsSilence = new Silence(records::acknowledged);
        transactionsSilence = new Silence(transactions::acknowledged);
        awaitWell();
    }

    /** Begins a rebalance in each group, and forgets the silences so far. */
    void stir() {
        groups.forEach(WatchedGroup::replaceOldest);
        groups.forEach(group -> committed.put(group, group.seen().committed()));
        recordsSilence.reset();
        transactionsSilence.reset();
    }

    long longestWithoutRecordMillis() {
        return recordsSilence.longestMillis();
    }

    long longestWithoutTransactionMillis() {
        return transactionsSilence.longestMillis();
    }

    /** Returns when every partition gets records, transactions are committed, and the groups are stable. */
    void awaitWell() throws Exception {
        Map<String, Map<Integer, Long>> before = new HashMap<>();
        for (String topic : TOPICS) {
            before.put(topic, Topics.ends(admin, topic, PARTITIONS));
        }
        for (String topic : TOPICS) {
            await(() -> growsFrom(topic, before.get(topic)), "all partitions of " + topic + " get records");
        }
        transactionsSilence.awaitMore(1);
        for (WatchedGroup group : groups) {
            await(() -> group.isStable(admin), "group " + group.name() + " is stable");
        }
    }

    private boolean growsFrom(String topic, Map<Integer, Long> before) {
        try {
            Map<Integer, Long> now = Topics.ends(admin, topic, PARTITIONS);
            return before.entrySet().stream().allMatch(end -> now.get(end.getKey()) > end.getValue());
        } catch (Exception e) {
            checks.note("asked again: %s", e);
            return false;
        }
    }

    private static void await(BooleanSupplier condition, String what) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                throw new IllegalStateException("not within " + PATIENCE + ": " + what);
            }
            BrokerProcess.pause(50);
        }
    }

    /** Nothing has failed so far, and no commit is gone; says something only if that is not so. */
    void checkRound(int round) throws Exception {
        for (ReplicatedLoad load : List.of(records, transactions)) {
            if (load.failure() != null) {
                checks.that(false, "round %d: the load goes on (%s)", round, load.failure());
            }
        }
        for (WatchedGroup group : groups) {
            List<String> wrong = Stream.of(
                            group.lostCommits(admin, committed.get(group)),
                            group.seen().faults(),
                            group.failures())
                    .flatMap(List::stream)
                    .toList();
            if (!wrong.isEmpty()) {
                checks.that(false, "round %d: group %s: %s", round, group.name(), wrong);
            }
        }
    }

    /** Ends all of them: what the producers know is there, and the groups read all of it. */
    void checkAll() throws Exception {
        recordsSilence.close();
        transactionsSilence.close();
        records.close();
        transactions.close();
        checks.that(records.failure() == null, "no record was refused (%s)", records.failure());
        checks.that(transactions.failure() == null, "transactions went on (%s)", transactions.failure());
        records.check(checks);
        transactions.check(checks);
        long ends = Topics.ends(admin, RECORDS, PARTITIONS).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        for (WatchedGroup group : groups) {
            await(() -> group.seen().delivered() >= ends, "group " + group.name() + " has read everything");
            checks.that(
                    group.seen().delivered() == ends && group.seen().faults().isEmpty(),
                    "group %s: %d records delivered, %d again; never two owners, nothing skipped %s",
                    group.name(),
                    ends,
                    group.seen().repeated(),
                    group.seen().faults());
            group.close();
        }
    }
}
