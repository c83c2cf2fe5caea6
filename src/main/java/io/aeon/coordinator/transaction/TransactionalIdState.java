package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.transaction.TransactionCommand.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The state of a transactional id: its durable record, the append in flight, and the waiting requests. */
final class TransactionalIdState {
    final String transactionalId;
    private final long patienceMs;
    private final Deque<Request<?>> queue = new ArrayDeque<>();
    private final Deque<Held> held = new ArrayDeque<>();
    private @Nullable TransactionMetadata current;
    private @Nullable Planned inFlight;
    private @Nullable Request<?> awaitsProducerId;
    private long spareProducerId = TransactionMetadata.NO_ID;

    /** A request that waits for the completion of the previous transaction. */
    private record Held(Request<?> request, long untilMs) {}

    private record Planned(@Nullable TransactionMetadata next, Settlement settlement) {}

    /** The reaction to the result of an append, in a later step. */
    interface Settlement {
        /** @param error NONE if the record is durable */
        void settle(TransactionStep step, Errors error);
    }

    TransactionalIdState(String transactionalId, long patienceMs) {
        this.transactionalId = transactionalId;
        this.patienceMs = patienceMs;
    }

    /** The latest durable record, null if there is none. */
    @Nullable
    TransactionMetadata current() {
        return current;
    }

    /** Applies a durable record, replayed or new. */
    void replay(TransactionRecord record) {
        current = record.value();
    }

    boolean isPrepared() {
        return current != null && current.state().isPrepared();
    }

    boolean isOngoing() {
        return current != null && current.is(TransactionState.ONGOING);
    }

    /** Whether a transaction is open and no record in flight ends it. */
    boolean staysOngoing() {
        boolean ends =
                inFlight != null && (inFlight.next() == null || !inFlight.next().is(TransactionState.ONGOING));
        return isOngoing() && !ends;
    }

    /** Whether no request can be served now. */
    boolean isBusy() {
        return inFlight != null || awaitsProducerId != null;
    }

    boolean nobodyWaits() {
        return !isBusy() && queue.isEmpty() && held.isEmpty();
    }

    Deque<Request<?>> queue() {
        return queue;
    }

    /** The first request of the queue, null if there is none; answered ones before it are removed. */
    @Nullable
    Request<?> firstWaiting() {
        while (!queue.isEmpty() && queue.peek().isAnswered()) {
            queue.remove();
        }
        return queue.peek();
    }

    /** @param next null for a tombstone */
    void append(TransactionStep step, @Nullable TransactionMetadata next, Settlement settlement) {
        inFlight = new Planned(next, settlement);
        step.append(new TransactionRecord(transactionalId, next));
    }

    /** Handles the result of the append in flight; returns true if its record is durable and now applies. */
    boolean settle(TransactionStep step, Errors error) {
        Planned planned = inFlight;
        inFlight = null;
        if (planned == null) {
            return false;
        }
        boolean durable = error == Errors.NONE;
        if (durable) {
            TransactionMetadata next = planned.next();
            if (next != null && (next.producerId() == spareProducerId || next.nextProducerId() == spareProducerId)) {
                spareProducerId = TransactionMetadata.NO_ID;
            }
            replay(new TransactionRecord(transactionalId, next));
        }
        planned.settlement().settle(step, error);
        return durable;
    }

    long spareProducerId() {
        return spareProducerId;
    }

    boolean hasProducerId() {
        return spareProducerId != TransactionMetadata.NO_ID;
    }

    /** Whether a producer id is available; if not, requests one, and the request is served again later. */
    boolean takesProducerId(TransactionStep step, Request<?> request) {
        if (hasProducerId()) {
            return true;
        }
        awaitsProducerId = request;
        step.wantProducerId();
        return false;
    }

    void producerIdGiven(long id) {
        spareProducerId = id;
        if (awaitsProducerId != null) {
            queue.addFirst(awaitsProducerId);
            awaitsProducerId = null;
        }
    }

    void producerIdRefused(TransactionStep step, Errors error) {
        if (awaitsProducerId != null) {
            step.refuse(awaitsProducerId, error);
            awaitsProducerId = null;
        }
    }

    /** Keeps a request until the transaction is complete. */
    void hold(TransactionStep step, Request<?> request) {
        held.add(new Held(request, step.now().elapsedMs() + patienceMs));
    }

    /**
     * The transaction is complete. Held requests are served before newer ones, so that a late end cannot end the next
     * transaction.
     */
    void releaseHeld() {
        while (!held.isEmpty()) {
            queue.addFirst(held.removeLast().request());
        }
    }

    void refuseImpatient(TransactionStep step) {
        while (!held.isEmpty() && held.peek().untilMs() <= step.now().elapsedMs()) {
            step.refuse(held.remove().request(), Errors.CONCURRENT_TRANSACTIONS);
        }
    }

    void refuseHeld(TransactionStep step, Errors error) {
        held.forEach(each -> step.refuse(each.request(), error));
        held.clear();
    }

    /** In {@link Now#elapsedMs}. */
    long patienceEndsMs() {
        return held.isEmpty() ? Markers.NEVER : held.peek().untilMs();
    }
}
