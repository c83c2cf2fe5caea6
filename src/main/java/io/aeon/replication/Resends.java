package io.aeon.replication;

import java.util.function.LongSupplier;

/**
 * Whether producers may be about to send again what this leader does not have: a batch that a former leader took and
 * that was not replicated, or one that this leader has refused for the moment. An idempotent producer has several
 * batches in flight, and one of them may come before the batch that has to be sent again. A leader notices that from
 * the sequence numbers, but only if it knows the producer. If it does not, the batch may also be of a producer whose
 * state has expired; the leader cannot tell, and takes such a batch only when it expects no resends. It outlives the
 * open log. Used by one thread at a time.
 */
public final class Resends {
    /** Milliseconds for which a client waits for an answer by default (request.timeout.ms) before it sends again. */
    static final long EXPECTED_MS = 30_000;

    private final LongSupplier clock;
    private volatile long until = Long.MIN_VALUE;
    private volatile boolean leads;

    /** @param clock milliseconds, never going back */
    public Resends(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * This broker leads.
     *
     * @param afterAnother whether another broker has led until now, if this one is not known to have led
     */
    public void lead(boolean afterAnother) {
        if (!leads && afterAnother) {
            expect();
        }
        leads = true;
    }

    /** Another broker leads, or none. */
    public void follow() {
        leads = false;
    }

    /** A batch has been lost or refused now. */
    public void expect() {
        until = clock.getAsLong() + EXPECTED_MS;
    }

    public boolean areExpected() {
        return clock.getAsLong() < until;
    }
}
