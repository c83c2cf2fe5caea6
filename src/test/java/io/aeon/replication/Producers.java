package io.aeon.replication;

import org.jspecify.annotations.Nullable;

/** What a leader accepts from a producer whose last record in the log it knows. */
final class Producers {
    private Producers() {}

    static boolean accept(Entry entry, @Nullable Entry last, SimulatedCluster cluster) {
        if (entry.kind != Entry.Kind.DATA) {
            return last == null || last.epoch <= entry.epoch;
        }
        if (last == null) {
            return entry.sequence == 0 || cluster.has(Fault.UNKNOWN_PRODUCERS_BEGIN_ANYWHERE);
        }
        if (last.kind != Entry.Kind.DATA && entry.epoch == last.epoch) {
            return cluster.has(Fault.MARKERS_FENCE_NOBODY);
        }
        return entry.epoch == last.epoch
                ? entry.sequence == last.sequence + 1
                : entry.epoch > last.epoch && entry.sequence == 0;
    }
}
