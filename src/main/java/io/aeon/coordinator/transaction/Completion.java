package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerFailed;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** Carries out what is decided: markers to every partition, and when all have theirs, the record that says so. */
final class Completion {
    private static final long PAUSE_MS = 100;

    private final Standing producer;
    private final Markers markers = new Markers();
    private long recordDueMs = Markers.NEVER;

    Completion(Standing producer) {
        this.producer = producer;
    }

    /** A new record counts: what it leads to by itself. */
    void begin(Turn turn) {
        TransactionMetadata now = producer.current();
        if (now != null && producer.isPrepared()) {
            markers.begin(now, turn.now());
            pursue(turn, now);
        } else {
            producer.releaseHeld();
        }
    }

    private void pursue(Turn turn, TransactionMetadata decided) {
        turn.send(markers.due(decided, turn.now()));
        if (markers.allWritten() && !producer.isBusy()) {
            recordDueMs = Markers.NEVER;
            producer.append(turn, decided.completed(turn.now().epochMs()), (later, error) -> {
                if (error != Errors.NONE) {
                    recordDueMs = later.now().elapsedMs() + PAUSE_MS;
                }
            });
        }
    }

    void written(Turn turn, TopicPartition partition) {
        markers.written(partition);
        TransactionMetadata now = producer.current();
        if (now != null && producer.isPrepared()) {
            pursue(turn, now);
        }
    }

    void failed(Turn turn, MarkerFailed failure) {
        if (markers.awaits(failure.partition())) {
            turn.note("the marker for " + failure.partition() + " will be sent again: " + failure.error());
            markers.failed(failure.partition(), turn.now());
        }
    }

    void tick(Turn turn) {
        TransactionMetadata now = producer.current();
        if (now != null && producer.isPrepared() && nextDueMs() <= turn.now().elapsedMs()) {
            pursue(turn, now);
        }
    }

    /** In {@link Now#elapsedMs}. */
    long nextDueMs() {
        return Math.min(markers.nextDueMs(), recordDueMs);
    }
}
