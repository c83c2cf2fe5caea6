package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.transaction.TransactionCommand.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Where a transactional id stands: what is durable of it, the record under way, and the requests that wait. */
final class TransactionalIdState {
    final String transactionalId;
    private final long patienceMs;
    private final Deque<Request<?>> queue = new ArrayDeque<>();
    private final Deque<Held> held = new ArrayDeque<>();
    private @Nullable TransactionMetadata current;
    private @Nullable Planned inFlight;
    private @Nullable Request<?> awaitsProducerId;
    private long spareProducerId = TransactionMetadata.NO_ID;

    /** A request that needs the transaction before to be complete. */
    private record Held(Request<?> request, long untilMs) {}

    private record Planned(@Nullable TransactionMetadata next, Settlement settlement) {}

    /** What an append leads to in a later step. */
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

    /** Takes in a durable record, read or new. */
    void replay(TransactionRecord record) {
        current = record.value();
    }

    boolean isPrepared() {
        return current != null && current.state().isPrepared();
    }

    boolean isOngoing() {
        return current != null && current.is(TransactionState.ONGOING);
    }

    /** A transaction is open, and no record is under way that ends it. */
    boolean staysOngoing() {
        boolean ends =
                inFlight != null && (inFlight.next() == null || !inFlight.next().is(TransactionState.ONGOING));
        return isOngoing() && !ends;
    }

    /** No request can be served just now. */
    boolean isBusy() {
        return inFlight != null || awaitsProducerId != null;
    }

    boolean nobodyWaits() {
        return !isBusy() && queue.isEmpty() && held.isEmpty();
    }

    Deque<Request<?>> queue() {
        return queue;
    }

    /** @param next null for a tombstone */
    void append(TransactionStep step, @Nullable TransactionMetadata next, Settlement settlement) {
        inFlight = new Planned(next, settlement);
        step.append(new TransactionRecord(transactionalId, next));
    }

    /** The outcome of the record under way; true if it is durable, and is what counts from now on. */
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

    /** Whether there is an id to be used; if not, the request is served again when there is. */
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

    /** Nothing is left to wait for. What waited came first and goes first: a late end must not meet the next transaction. */
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
