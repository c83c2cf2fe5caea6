package io.aeon.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Heap bytes that the requests of all connections may take at once. A claim grows with the bytes that have arrived;
 * bytes that a client only announces take nothing. A growth is granted at once or later, in the order of asking; no
 * thread waits for it. Requests that have arrived whole come first, because only they release bytes.
 *
 * <p>A part of the budget is reserved for small claims, so that large requests never keep out a heartbeat. Each part
 * lets one claim exceed it. Otherwise claims that hold bytes and wait for more would wait for each other forever.
 * Thread-safe.
 */
final class ByteBudget {
    /** Claims of at most this many bytes are small. */
    private static final long SMALL = 64 << 10;
    /** One in this many bytes is reserved for small claims. */
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
     * A new claim of no bytes.
     *
     * @param granted runs when a growth that had to wait is granted, on the thread that released the bytes; must not
     *     block
     */
    Claim claim(Runnable granted) {
        return new Claim(granted);
    }

    /** Whether any claim is waiting. */
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

        /** Whether no claim that precedes this one is waiting. */
        boolean isFree(Claim claim) {
            return whole.isEmpty() && (claim.whole || partial.isEmpty());
        }

        boolean admits(Claim claim) {
            long held = claim.part == this ? claim.bytes : 0;
            return used - held + claim.wanted <= limit || overdrawn == claim || mayOverdraw(claim);
        }

        /**
         * A small request that has not arrived whole may not exceed the part: it may be one of thousands that never do.
         */
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

    /** The bytes of the budget that one request holds. Used by one thread at a time. */
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
         * Grows the claim to {@code total} bytes. While it waits for more, it keeps the bytes that it has.
         *
         * @param total bytes of the claim after the growth; if it has as many already, nothing changes
         * @param requestIsWhole whether the whole request has arrived
         * @return false if the growth must wait; {@code granted} runs when it is granted
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

        /** Whether a growth is waiting. */
        boolean isWaiting() {
            synchronized (ByteBudget.this) {
                return queue != null;
            }
        }

        /** Releases all bytes and withdraws a growth that is waiting. Idempotent. */
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
