package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Now;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import org.apache.kafka.common.TopicPartition;

/**
 * The markers of one decided transaction that are not durable yet. Each marker is sent until it is durable, with no
 * limit on the number of failures.
 */
final class Markers {
    static final long NEVER = Long.MAX_VALUE;

    private static final long FIRST_PAUSE_MS = 20;
    private static final long LONGEST_PAUSE_MS = 1000;

    /** The pause after the next failure, by the partitions whose markers are not durable yet. */
    private final Map<TopicPartition, Long> pauses = new HashMap<>();

    private final Queue<Due> waiting = new PriorityQueue<>(Comparator.comparingLong(Due::atMs));

    /** A marker that is to be sent. */
    private record Due(TopicPartition partition, long atMs) {}

    /** A transaction is decided: the markers of all its partitions are due now. */
    void begin(TransactionMetadata decided, Now now) {
        pauses.clear();
        waiting.clear();
        decided.partitions().forEach(partition -> {
            pauses.put(partition, FIRST_PAUSE_MS);
            waiting.add(new Due(partition, now.elapsedMs()));
        });
    }

    /** Removes and returns the due markers; each result comes back as {@link #written} or {@link #failed}. */
    List<Marker> due(TransactionMetadata decided, Now now) {
        List<Marker> due = new ArrayList<>();
        while (nextDueMs() <= now.elapsedMs()) {
            due.add(new Marker(
                    waiting.remove().partition(),
                    decided.producerId(),
                    decided.producerEpoch(),
                    decided.state().isCommit(),
                    decided.clientVersion()));
        }
        return due;
    }

    void written(TopicPartition partition) {
        pauses.remove(partition);
    }

    /** Schedules the marker again after a pause that grows with each failure. */
    void failed(TopicPartition partition, Now now) {
        pauses.computeIfPresent(partition, (same, pause) -> {
            waiting.add(new Due(partition, now.elapsedMs() + pause));
            return Math.min(2 * pause, LONGEST_PAUSE_MS);
        });
    }

    boolean allWritten() {
        return pauses.isEmpty();
    }

    boolean awaits(TopicPartition partition) {
        return pauses.containsKey(partition);
    }

    long nextDueMs() {
        Due next = waiting.peek();
        return next == null ? NEVER : next.atMs();
    }
}
