package io.aeon.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Heap bytes that requests of all connections may take at once. A claim grows with the bytes that have arrived: what a
 * client only announces takes nothing. A growth is granted at once or later, in order, never by waiting in a thread;
 * requests that have arrived whole come before those that have not, because only they give bytes back.
 *
 * <p>Small claims have a part of the budget to themselves, so that no number of large requests keeps a heartbeat out. Each
 * part lets one claim exceed it: claims that hold bytes and wait for more would otherwise wait for each other for ever.
 * Thread-safe.
 */
final class ByteBudget {
    /** Claims of at most so many bytes are small. */
    private static final long SMALL = 64 << 10;
    /** One byte in so many is for small claims alone. */
    private static final int SMALL_PART = 4;

    private final Part small;
    private final Part large;
    private int waiting;

    /** @param total bytes, at least one */
    ByteBudget(long total) {
        small = new Part(Math.max(1, total / SMALL_PART));
        large = new Part(Math.max(1, total - total / SMALL_PART));
    }

    /**
     * A claim of no bytes yet.
     *
     * @param granted run when a growth that had to wait is granted, on the thread that freed the bytes; must not block
     */
    Claim claim(Runnable granted) {
        return new Claim(granted);
    }

    /** Whether a claim is waiting. */
    synchronized boolean contended() {
        return waiting > 0;
    }

    /** Bytes granted and not released. */
    synchronized long used() {
        return small.used + large.used;
    }

    private List<Claim> grantWaiting() {
        if (waiting == 0) {
            return List.of();
        }
        List<Claim> woken = new ArrayList<>();
        for (Part part : List.of(small, large)) {
            grantWaiting(part, part.whole, woken);
            if (part.whole.isEmpty()) {
                grantWaiting(part, part.partial, woken);
            }
        }
        return woken;
    }

    private void grantWaiting(Part part, Queue<Claim> queue, List<Claim> woken) {
        Claim next = queue.peek();
        while (next != null && part.admits(next)) {
            queue.remove();
            waiting--;
            next.queue = null;
            part.take(next);
            woken.add(next);
            next = queue.peek();
        }
    }

    private static void wake(List<Claim> woken) {
        woken.forEach(claim -> claim.granted.run());
    }

    private static final class Part {
        final long limit;
        final Queue<Claim> whole = new ArrayDeque<>(0);
        final Queue<Claim> partial = new ArrayDeque<>(0);
        long used;

        @Nullable
        Claim overdrawn;

        Part(long limit) {
            this.limit = limit;
        }

        Queue<Claim> queue(Claim claim) {
            return claim.whole ? whole : partial;
        }

        /** Whether no claim that comes first waits. */
        boolean isFree(Claim claim) {
            return whole.isEmpty() && (claim.whole || partial.isEmpty());
        }

        boolean admits(Claim claim) {
            long held = claim.part == this ? claim.bytes : 0;
            return used - held + claim.wanted <= limit || overdrawn == claim || mayOverdraw(claim);
        }

        /** A small request that is not there yet may be one of thousands that never come. */
        private boolean mayOverdraw(Claim claim) {
            return overdrawn == null && (claim.whole || claim.wanted > SMALL);
        }

        void take(Claim claim) {
            claim.leavePart();
            used += claim.wanted;
            claim.part = this;
            claim.bytes = claim.wanted;
            if (used > limit && overdrawn == null) {
                overdrawn = claim;
            }
        }
    }

    /** What one request takes of the budget. Used by one thread at a time. */
    final class Claim {
        private final Runnable granted;
        private @Nullable Part part;
        private @Nullable Queue<Claim> queue;
        private long bytes;
        private long wanted;
        private boolean whole;

        private Claim(Runnable granted) {
            this.granted = granted;
        }

        /**
         * Takes as many bytes as there are to be of this claim; it keeps those it has while it waits for more.
         *
         * @param total bytes that the claim shall have; fewer than it has change nothing
         * @param requestIsWhole whether all of the request has arrived
         * @return false if it has to wait; then {@code granted} is run
         */
        boolean grow(long total, boolean requestIsWhole) {
            List<Claim> woken;
            synchronized (ByteBudget.this) {
                if (total <= bytes) {
                    return true;
                }
                wanted = total;
                whole = requestIsWhole;
                Part target = total <= SMALL ? small : large;
                if (!target.isFree(this) || !target.admits(this)) {
                    queue = target.queue(this);
                    queue.add(this);
                    waiting++;
                    return false;
                }
                target.take(this);
                woken = grantWaiting();
            }
            wake(woken);
            return true;
        }

        /** Whether a growth has to wait. */
        boolean isWaiting() {
            synchronized (ByteBudget.this) {
                return queue != null;
            }
        }

        /** Gives all bytes back, and stops asking for more. Again has no effect. */
        void release() {
            List<Claim> woken;
            synchronized (ByteBudget.this) {
                if (queue != null) {
                    queue.remove(this);
                    queue = null;
                    waiting--;
                }
                leavePart();
                woken = grantWaiting();
            }
            wake(woken);
        }

        private void leavePart() {
            if (part != null) {
                part.used -= bytes;
                if (part.overdrawn == this) {
                    part.overdrawn = null;
                }
            }
            part = null;
            bytes = 0;
        }
    }
}
