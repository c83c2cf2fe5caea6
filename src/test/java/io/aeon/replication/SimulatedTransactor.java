package io.aeon.replication;

import io.aeon.replication.Entry.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A transactional producer. A transaction writes to every partition; its end is asked for as a commit only if all its
 * batches are acknowledged, and as an abort at any time. The next one begins when the coordinator says that the
 * previous one is complete. It also knows what the logs may have of its transactions.
 */
final class SimulatedTransactor {
    /** Its number among the producers. */
    static final int ID = 2;

    private final SimulatedCluster cluster;
    private final int partitions;
    private final List<int[]> written = new ArrayList<>();
    private final List<Kind> wanted = new ArrayList<>();
    private final @Nullable Kind[] decided;
    private final int[][] committed;
    private final int[] endedIn;
    private final boolean[] busy;
    private final boolean[] unresolved;
    private final int[] attempt;
    private final int[] next;
    private int transaction;
    private int completed;
    private int version;
    private boolean isAsking;

    SimulatedTransactor(SimulatedCluster cluster, int partitions, int mostTransactions) {
        this.cluster = cluster;
        this.partitions = partitions;
        decided = new Kind[mostTransactions];
        committed = new int[partitions][mostTransactions];
        endedIn = new int[partitions];
        busy = new boolean[partitions];
        unresolved = new boolean[partitions];
        attempt = new int[partitions];
        next = new int[partitions];
        Arrays.fill(endedIn, -1);
    }

    /** Whether the end of the transaction was asked for. */
    private boolean isEnding() {
        return wanted.size() > transaction;
    }

    void act(Random random) {
        int partition = random.nextInt(partitions);
        if (isEnding()) {
            askForTheEnd();
            return;
        }
        int dice = random.nextInt(12);
        if (dice == 0) {
            end(Kind.ABORT);
        } else if (dice < 4 && !isAnyUnresolved()) {
            end(Kind.COMMIT);
        } else if (!busy[partition]) {
            write(partition);
        }
    }

    /** Ends the transaction. */
    void settle() {
        if (!isEnding()) {
            end(Kind.ABORT);
        } else {
            askForTheEnd();
        }
    }

    /** Whether the transaction that was under way when the cluster began to settle is complete. */
    boolean isDone() {
        return isEnding() && completed > transaction;
    }

    /** The number of transactions that are complete. */
    int completed() {
        return completed;
    }

    private boolean isAnyUnresolved() {
        for (boolean each : unresolved) {
            if (each) {
                return true;
            }
        }
        return false;
    }

    private void write(int partition) {
        if (transaction >= decided.length) {
            return;
        }
        busy[partition] = true;
        unresolved[partition] = true;
        int now = transaction;
        int sequence = next[partition];
        int tried = ++attempt[partition];
        cluster.produce(partition, version, new Entry(Kind.DATA, ID, now, sequence), error -> {
            if (now != transaction || tried != attempt[partition] || isEnding()) {
                return;
            }
            busy[partition] = false;
            if (error == Errors.NONE) {
                next[partition] = sequence + 1;
                unresolved[partition] = false;
            } else {
                refresh();
            }
        });
    }

    private void end(Kind end) {
        wanted.add(end);
        written.add(next.clone());
        askForTheEnd();
    }

    private void askForTheEnd() {
        if (isAsking || isDone()) {
            return;
        }
        isAsking = true;
        int now = transaction;
        cluster.endTransaction(version, now, wanted.get(now), (error, outcome) -> {
            if (now != transaction || isDone()) {
                return;
            }
            isAsking = false;
            if (error == Errors.NONE) {
                complete(outcome);
            } else {
                refresh();
            }
        });
    }

    private void complete(@Nullable Kind outcome) {
        check(
                outcome != null && outcome == decided[transaction],
                "transaction " + transaction + " is said to end with " + outcome + ", and was decided to end with "
                        + decided[transaction]);
        completed++;
        if (!cluster.isSettling()) {
            transaction++;
            Arrays.fill(busy, false);
            Arrays.fill(unresolved, false);
            Arrays.fill(next, 0);
        }
    }

    void refresh() {
        version = cluster.newestMetadata();
    }

    /** A record of this producer's transactions is committed in a partition, or in the transaction log. */
    void committed(int partition, Entry entry) {
        switch (entry.kind) {
            case DATA -> {
                check(entry.epoch > endedIn[partition], entry + " comes after the end of its transaction");
                check(entry.sequence == committed[partition][entry.epoch]++, entry + " is not the next one");
            }
            case PREPARE_COMMIT, PREPARE_ABORT -> prepared(entry);
            case COMMIT, ABORT -> marked(partition, entry);
            case COMPLETE -> {
                for (int each = 0; each < partitions; each++) {
                    check(endedIn[each] >= entry.epoch, entry + ", but partition " + each + " has no marker");
                }
            }
        }
    }

    private void prepared(Entry entry) {
        Kind end = entry.kind == Kind.PREPARE_COMMIT ? Kind.COMMIT : Kind.ABORT;
        check(decided[entry.epoch] == null, entry + ", but the end was decided to be " + decided[entry.epoch]);
        boolean isAskedFor = wanted.size() > entry.epoch && wanted.get(entry.epoch) == Kind.COMMIT;
        check(end == Kind.ABORT || isAskedFor, entry + " was not asked for");
        decided[entry.epoch] = end;
    }

    private void marked(int partition, Entry entry) {
        check(decided[entry.epoch] == entry.kind, entry + " was not decided");
        check(
                entry.kind == Kind.ABORT || committed[partition][entry.epoch] == written.get(entry.epoch)[partition],
                entry + " commits " + committed[partition][entry.epoch] + " batches in partition " + partition);
        endedIn[partition] = Math.max(endedIn[partition], entry.epoch);
    }

    private static void check(boolean holds, String violation) {
        if (!holds) {
            throw new Violation(violation);
        }
    }
}
