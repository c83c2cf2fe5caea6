package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.transaction.TransactionCommand.MarkerFailed;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.event.Level;

/** Completes a decided transaction: writes a marker to every partition, and then the record of the completion. */
final class Completion {
    private static final long PAUSE_MS = 100;

    private final TransactionalIdState producer;
    private final Markers markers = new Markers();
    private long recordDueMs = Markers.NEVER;

    Completion(TransactionalIdState producer) {
        this.producer = producer;
    }

    /** Starts the work that follows from a new durable record. */
    void begin(TransactionStep step) {
        TransactionMetadata now = producer.current();
        if (now != null && producer.isPrepared()) {
            markers.begin(now, step.now());
            pursue(step, now);
        } else {
            producer.releaseHeld();
        }
    }

    private void pursue(TransactionStep step, TransactionMetadata decided) {
        step.send(markers.due(decided, step.now()));
        if (markers.allWritten() && !producer.isBusy()) {
            recordDueMs = Markers.NEVER;
            producer.append(step, decided.completed(step.now().epochMs()), (later, error) -> {
                if (error != Errors.NONE) {
                    recordDueMs = later.now().elapsedMs() + PAUSE_MS;
                }
            });
        }
    }

    void written(TransactionStep step, TopicPartition partition) {
        markers.written(partition);
        TransactionMetadata now = producer.current();
        if (now != null && producer.isPrepared()) {
            pursue(step, now);
        }
    }

    void failed(TransactionStep step, MarkerFailed failure) {
        if (markers.awaits(failure.partition())) {
            step.note(Level.DEBUG, "the marker for " + failure.partition() + " will be sent again: " + failure.error());
            markers.failed(failure.partition(), step.now());
        }
    }

    void tick(TransactionStep step) {
        TransactionMetadata now = producer.current();
        if (now != null && producer.isPrepared() && nextDueMs() <= step.now().elapsedMs()) {
            pursue(step, now);
        }
    }

    /** In {@link Now#elapsedMs}. */
    long nextDueMs() {
        return Math.min(markers.nextDueMs(), recordDueMs);
    }
}
