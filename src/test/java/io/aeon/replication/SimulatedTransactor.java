package io.aeon.replication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.Errors;

/**
 * A transactional producer and its coordinator, whose decisions are durable. A transaction writes to every partition; it
 * is committed only if all its batches are acknowledged, and aborted at any time. The next one begins when the markers of
 * the previous one are written.
 */
final class SimulatedTransactor {
    /** Its number among the producers. */
    static final int ID = 2;

    private enum Phase {
        WRITING,
        COMMITTING,
        ABORTING
    }

    private final SimulatedCluster cluster;
    private final int partitions;
    private final List<int[]> written = new ArrayList<>();
    private final List<Phase> ends = new ArrayList<>();
    private final int[][] committed;
    private final int[] endedIn;
    private final boolean[] busy;
    private final boolean[] unresolved;
    private final int[] attempt;
    private final int[] next;
    private final boolean[] unmarked;
    private Phase phase = Phase.WRITING;
    private int transaction;
    private int version;

    SimulatedTransactor(SimulatedCluster cluster, int partitions, int mostTransactions) {
        this.cluster = cluster;
        this.partitions = partitions;
        committed = new int[partitions][mostTransactions];
        endedIn = new int[partitions];
        busy = new boolean[partitions];
        unresolved = new boolean[partitions];
        attempt = new int[partitions];
        next = new int[partitions];
        unmarked = new boolean[partitions];
        Arrays.fill(endedIn, -1);
    }

    void act(Random random) {
        int partition = random.nextInt(partitions);
        if (phase != Phase.WRITING) {
            mark(partition);
            return;
        }
        int dice = random.nextInt(16);
        if (dice == 0) {
            decide(Phase.ABORTING);
        } else if (dice < 4 && !any(unresolved)) {
            decide(Phase.COMMITTING);
        } else if (!busy[partition]) {
            write(partition);
        }
    }

    /** Ends the transaction. */
    void settle() {
        if (phase == Phase.WRITING) {
            decide(Phase.ABORTING);
        }
        for (int partition = 0; partition < partitions; partition++) {
            mark(partition);
        }
    }

    boolean isDone() {
        return phase != Phase.WRITING && !any(unmarked);
    }

    private static boolean any(boolean[] flags) {
        for (boolean each : flags) {
            if (each) {
                return true;
            }
        }
        return false;
    }

    private void write(int partition) {
        if (transaction >= committed[0].length) {
            return;
        }
        busy[partition] = true;
        unresolved[partition] = true;
        int now = transaction;
        int sequence = next[partition];
        int tried = ++attempt[partition];
        Entry entry = new Entry(Entry.Kind.DATA, ID, now, sequence);
        cluster.produce(partition, version, entry, error -> {
            if (now != transaction || tried != attempt[partition] || phase != Phase.WRITING) {
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

    private void decide(Phase end) {
        phase = end;
        ends.add(end);
        written.add(next.clone());
        Arrays.fill(busy, false);
        Arrays.fill(unresolved, false);
        Arrays.fill(unmarked, true);
    }

    private void mark(int partition) {
        if (!unmarked[partition] || busy[partition]) {
            return;
        }
        busy[partition] = true;
        int now = transaction;
        int tried = ++attempt[partition];
        Entry.Kind kind = phase == Phase.COMMITTING ? Entry.Kind.COMMIT : Entry.Kind.ABORT;
        cluster.produce(partition, version, new Entry(kind, ID, now, 0), error -> {
            if (now == transaction && tried == attempt[partition]) {
                busy[partition] = false;
                unmarked[partition] &= error != Errors.NONE;
                refresh();
                next();
            }
        });
    }

    private void next() {
        if (!any(unmarked) && !cluster.isSettling()) {
            transaction++;
            phase = Phase.WRITING;
            Arrays.fill(next, 0);
        }
    }

    void refresh() {
        version = cluster.newestMetadata();
    }

    /** A record of this producer is committed in a partition. */
    void committed(int partition, Entry entry) {
        if (entry.kind == Entry.Kind.DATA) {
            check(entry.epoch > endedIn[partition], entry + " comes after the end of its transaction");
            check(entry.sequence == committed[partition][entry.epoch]++, entry + " is not the next one");
            return;
        }
        Phase decided = ends.get(entry.epoch);
        check(
                decided == (entry.kind == Entry.Kind.COMMIT ? Phase.COMMITTING : Phase.ABORTING),
                entry + " was not decided");
        check(
                decided == Phase.ABORTING || committed[partition][entry.epoch] == written.get(entry.epoch)[partition],
                entry + " commits " + committed[partition][entry.epoch] + " of " + written.get(entry.epoch)[partition]
                        + " batches");
        endedIn[partition] = Math.max(endedIn[partition], entry.epoch);
    }

    private static void check(boolean holds, String violation) {
        if (!holds) {
            throw new Violation(violation);
        }
    }
}
