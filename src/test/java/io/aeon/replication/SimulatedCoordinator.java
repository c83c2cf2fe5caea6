package io.aeon.replication;

import io.aeon.replication.Entry.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator of the transactional producer, on a broker that was elected leader of the transaction log. It reads
 * the log, decides how a transaction ends, has the markers written to all partitions, and notes that the transaction is
 * complete. Like an actor, it may go on for a while after another broker was elected.
 */
final class SimulatedCoordinator {
    private final SimulatedCluster cluster;
    private final SimulatedReplica replica;
    private final int leaderEpoch;
    private final int endAtElection;
    private final List<Kind> outcomes = new ArrayList<>();
    private final boolean[] busy;
    private final boolean[] unmarked;
    private @Nullable Kind decided;
    private boolean isLoaded;
    private boolean isWriting;
    private boolean isOver;
    private int version;

    SimulatedCoordinator(SimulatedCluster cluster, SimulatedReplica replica, int partitions) {
        this.cluster = cluster;
        this.replica = replica;
        this.leaderEpoch = replica.leaderEpoch();
        this.endAtElection = replica.log.end();
        busy = new boolean[partitions];
        unmarked = new boolean[partitions];
        refresh();
    }

    /** It does nothing any more. */
    void stop() {
        isOver = true;
    }

    boolean isOver() {
        return isOver;
    }

    private int transaction() {
        return outcomes.size();
    }

    /** A producer ends a transaction; {@code reply} gets how it has ended once it is complete. */
    void end(int transaction, Kind wanted, BiConsumer<Errors, @Nullable Kind> reply) {
        if (isOver || !isLoaded) {
            reply.accept(isOver ? Errors.NOT_COORDINATOR : Errors.COORDINATOR_LOAD_IN_PROGRESS, null);
        } else if (transaction < transaction()) {
            reply.accept(Errors.NONE, outcomes.get(transaction));
        } else {
            if (decided == null) {
                decide(wanted);
            }
            reply.accept(Errors.CONCURRENT_TRANSACTIONS, null);
        }
    }

    void act(Random random) {
        if (isOver) {
            return;
        }
        if (!isLoaded) {
            load();
        } else if (decided == null) {
            if (random.nextInt(30) == 0) {
                decide(Kind.ABORT);
            }
        } else {
            mark(random.nextInt(unmarked.length));
        }
    }

    /** Ends what was decided. */
    void settle() {
        if (!isLoaded) {
            load();
        }
        for (int partition = 0; partition < unmarked.length; partition++) {
            mark(partition);
        }
    }

    private void load() {
        if (replica.highWatermark() < endAtElection && !cluster.has(Fault.COORDINATORS_READ_WHAT_IS_COMMITTED)) {
            return;
        }
        for (int offset = replica.log.start(); offset < replica.highWatermark(); offset++) {
            Entry entry = replica.log.at(offset);
            if (entry.kind == Kind.COMPLETE) {
                outcomes.add(decided);
                decided = null;
            } else {
                decided = entry.kind == Kind.PREPARE_COMMIT ? Kind.COMMIT : Kind.ABORT;
            }
        }
        isLoaded = true;
        Arrays.fill(unmarked, true);
    }

    private void decide(Kind end) {
        if (isWriting) {
            return;
        }
        Kind prepared = end == Kind.COMMIT ? Kind.PREPARE_COMMIT : Kind.PREPARE_ABORT;
        write(prepared, () -> decided = end);
        if (isWriting && cluster.has(Fault.MARKERS_PRECEDE_THE_DECISION)) {
            decided = end;
        }
    }

    private void mark(int partition) {
        Kind end = decided;
        if (end == null || busy[partition]) {
            return;
        }
        if (unmarked[partition]) {
            int now = transaction();
            busy[partition] = true;
            cluster.produce(partition, version, new Entry(end, SimulatedTransactor.ID, now, 0), error -> {
                busy[partition] = false;
                if (now == transaction()) {
                    unmarked[partition] &= error != Errors.NONE;
                }
                refresh();
            });
        } else if (allMarked() && !isWriting) {
            write(Kind.COMPLETE, () -> {
                outcomes.add(end);
                decided = null;
                Arrays.fill(unmarked, true);
            });
        }
    }

    private boolean allMarked() {
        for (boolean each : unmarked) {
            if (each) {
                return false;
            }
        }
        return true;
    }

    private void write(Kind kind, Runnable onceCommitted) {
        isWriting = true;
        replica.append(new Entry(kind, SimulatedTransactor.ID, transaction(), 0), leaderEpoch, error -> {
            isWriting = false;
            if (error == Errors.NONE) {
                onceCommitted.run();
            } else {
                isOver |= error != Errors.NOT_ENOUGH_REPLICAS;
            }
        });
    }

    private void refresh() {
        version = cluster.newestMetadata();
    }

    @Override
    public String toString() {
        return "coordinator of epoch " + leaderEpoch + " in transaction " + transaction() + ", decided " + decided;
    }
}
