package io.aeon.coordinator.transaction;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The transactions of a log: it knows each producer's epoch and the records that the next marker decides. */
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
     * A marker ends all open records of its producer, whoever sent it. A marker of version 2 without a new epoch is
     * late (KIP-890) and has no effect.
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

    /** Whether the records of a transaction are committed, by transaction. */
    Map<Integer, Boolean> outcomes() {
        return outcomes;
    }
}
