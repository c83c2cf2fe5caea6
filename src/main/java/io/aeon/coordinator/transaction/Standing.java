package io.aeon.coordinator.transaction;

import io.aeon.coordinator.Now;
import io.aeon.coordinator.transaction.TransactionCommand.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Where a transactional id stands: what is durable of it, the record under way, and the requests that wait. */
final class Standing {
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

    /** What an append leads to in a later turn. */
    interface Settlement {
        /** @param error NONE if the record is durable */
        void settle(Turn turn, Errors error);
    }

    Standing(String transactionalId, long patienceMs) {
        this.transactionalId = transactionalId;
        this.patienceMs = patienceMs;
    }

    /** The latest durable record, null if there is none. */
    @Nullable
    TransactionMetadata current() {
        return current;
    }

    void restore(@Nullable TransactionMetadata stored) {
        current = stored;
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
    void append(Turn turn, @Nullable TransactionMetadata next, Settlement settlement) {
        inFlight = new Planned(next, settlement);
        turn.append(new TransactionRecord(transactionalId, next));
    }

    /** The outcome of the record under way; true if it is durable, and is what counts from now on. */
    boolean settle(Turn turn, Errors error) {
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
            current = next;
        }
        planned.settlement().settle(turn, error);
        return durable;
    }

    long spareProducerId() {
        return spareProducerId;
    }

    /** Whether there is an id to be used; if not, the request is served again when there is. */
    boolean takesProducerId(Turn turn, Request<?> request) {
        if (spareProducerId != TransactionMetadata.NO_ID) {
            return true;
        }
        awaitsProducerId = request;
        turn.wantProducerId();
        return false;
    }

    void producerIdGiven(long id) {
        spareProducerId = id;
        if (awaitsProducerId != null) {
            queue.addFirst(awaitsProducerId);
            awaitsProducerId = null;
        }
    }

    void producerIdRefused(Turn turn, Errors error) {
        if (awaitsProducerId != null) {
            turn.refuse(awaitsProducerId, error);
            awaitsProducerId = null;
        }
    }

    /** Keeps a request until the transaction is complete. */
    void hold(Turn turn, Request<?> request) {
        held.add(new Held(request, turn.now().elapsedMs() + patienceMs));
    }

    /** Nothing is left to wait for. What waited came first and goes first: a late end must not meet the next transaction. */
    void releaseHeld() {
        while (!held.isEmpty()) {
            queue.addFirst(held.removeLast().request());
        }
    }

    void refuseImpatient(Turn turn) {
        while (!held.isEmpty() && held.peek().untilMs() <= turn.now().elapsedMs()) {
            turn.refuse(held.remove().request(), Errors.CONCURRENT_TRANSACTIONS);
        }
    }

    void refuseHeld(Turn turn, Errors error) {
        held.forEach(each -> turn.refuse(each.request(), error));
        held.clear();
    }

    void refuseAll(Turn turn, Errors error) {
        settle(turn, error);
        producerIdRefused(turn, error);
        queue.forEach(request -> turn.refuse(request, error));
        queue.clear();
        refuseHeld(turn, error);
    }

    /** In {@link Now#elapsedMs}. */
    long patienceEndsMs() {
        return held.isEmpty() ? Markers.NEVER : held.peek().untilMs();
    }
}
