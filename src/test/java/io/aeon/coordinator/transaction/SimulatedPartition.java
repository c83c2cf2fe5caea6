package io.aeon.coordinator.transaction;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a log does with transactions: it knows each producer's epoch and what the next marker decides over. */
final class SimulatedPartition {
    private final Map<Long, Short> epochs = new HashMap<>();
    private final Map<Long, Set<Integer>> open = new HashMap<>();
    private final Map<Integer, Boolean> outcomes = new HashMap<>();

    boolean write(InitResult who, int transaction) {
        if (who.producerEpoch() < epochs.getOrDefault(who.producerId(), (short) -1)) {
            return false;
        }
        epochs.put(who.producerId(), who.producerEpoch());
        open.computeIfAbsent(who.producerId(), absent -> new HashSet<>()).add(transaction);
        return true;
    }

    /**
     * A marker decides over all that its producer has open here, whoever sent it; one of version 2 that brings no new
     * epoch is late (KIP-890), and not needed any more.
     */
    void end(Marker marker) {
        int least = epochs.getOrDefault(marker.producerId(), (short) -1) + (marker.transactionVersion() == 2 ? 1 : 0);
        if (marker.producerEpoch() < least) {
            return;
        }
        epochs.put(marker.producerId(), marker.producerEpoch());
        Set<Integer> ended = open.remove(marker.producerId());
        if (ended != null) {
            ended.forEach(transaction -> outcomes.put(transaction, marker.commit()));
        }
    }

    Map<Long, Set<Integer>> open() {
        return open;
    }

    /** By transaction, whether what was written here counts. */
    Map<Integer, Boolean> outcomes() {
        return outcomes;
    }
}
