package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Now;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The markers of one decided transaction that are not durable yet. Each marker is sent until it is durable, with no
 * limit on the number of failures.
 */
final class Markers {
    static final long NEVER = Long.MAX_VALUE;

    private static final long FIRST_PAUSE_MS = 20;
    private static final long LONGEST_PAUSE_MS = 1000;

    private final Map<TopicPartition, Delivery> open = new HashMap<>();

    private record Delivery(long pauseMs, long dueMs) {}

    /** A transaction is decided: the markers of all its partitions are due now. */
    void begin(TransactionMetadata decided, Now now) {
        open.clear();
        decided.partitions().forEach(partition -> open.put(partition, new Delivery(FIRST_PAUSE_MS, now.elapsedMs())));
    }

    /** Removes and returns the due markers; each result comes back as {@link #written} or {@link #failed}. */
    List<Marker> due(TransactionMetadata decided, Now now) {
        List<Marker> due = new ArrayList<>();
        open.replaceAll((partition, delivery) -> {
            if (delivery.dueMs() > now.elapsedMs()) {
                return delivery;
            }
            due.add(new Marker(
                    partition,
                    decided.producerId(),
                    decided.producerEpoch(),
                    decided.state().isCommit(),
                    decided.clientVersion()));
            return new Delivery(delivery.pauseMs(), NEVER);
        });
        return due;
    }

    void written(TopicPartition partition) {
        open.remove(partition);
    }

    /** Schedules the marker again after a pause that grows with each failure. */
    void failed(TopicPartition partition, Now now) {
        open.computeIfPresent(
                partition,
                (same, delivery) -> new Delivery(
                        Math.min(2 * delivery.pauseMs(), LONGEST_PAUSE_MS), now.elapsedMs() + delivery.pauseMs()));
    }

    boolean allWritten() {
        return open.isEmpty();
    }

    boolean awaits(TopicPartition partition) {
        return open.containsKey(partition);
    }

    long nextDueMs() {
        return open.values().stream().mapToLong(Delivery::dueMs).min().orElse(NEVER);
    }
}
