package io.aeon.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Heap bytes that the requests, or the answers, of all connections may take at once. A claim grows with the bytes that
 * are there; bytes that a client only announces take nothing. A growth is granted at once or later, in the order of
 * asking; no thread waits for it. Requests that have arrived whole come first, because only they release bytes.
 *
 * <p>The budget has a part for each class of sizes, so that large requests never keep out a heartbeat. Each part lets
 * one claim exceed it, and that claim waits for no other. Otherwise claims that hold bytes and wait for more would wait
 * for each other forever. Thread-safe.
 */
final class ByteBudget {
    /** Claims of at most this many bytes are small. */
    private static final long SMALL = 64 << 10;
    /** Claims of at most this many bytes are medium. */
    private static final long MEDIUM = 512 << 10;
    /** One in this many bytes is reserved for small claims, and as many for medium ones. */
    private static final int RESERVED_PART = 4;

    private final Part small;
    private final Part medium;
    private final Part large;
    private final List<Part> parts;
    private final long total;
    private volatile Runnable whenContended = () -> {};
    private int waiting;

    /** @param total bytes, at least one */
    ByteBudget(long total) {
        this.total = total;
        long reserved = total / RESERVED_PART;
        small = new Part(Math.max(1, reserved));
        medium = new Part(Math.max(1, reserved));
        large = new Part(Math.max(1, total - 2 * reserved));
        parts = List.of(small, medium, large);
    }

    /** Bytes that all claims together may take, but for the one that each part lets exceed it. */
    long total() {
        return total;
    }

    /** @param action runs when a claim waits and none did before, on the thread of that claim; must not block */
    void whenContended(Runnable action) {
        whenContended = action;
    }

    /**
     * A new claim of no bytes.
     *
     * @param expected bytes that the claim may reach, as far as they are known; they determine its class
     */
    Claim claim(long expected) {
        return new Claim(expected);
    }

    /** Whether any claim is waiting. */
    synchronized boolean contended() {
        return waiting > 0;
    }

    /** Bytes granted and not released. */
    synchronized long used() {
        return small.used + medium.used + large.used;
    }

    private Part part(long bytes) {
        return bytes <= SMALL ? small : bytes <= MEDIUM ? medium : large;
    }

    private List<Claim> grantWaiting() {
        if (waiting == 0) {
            return List.of();
        }
        List<Claim> woken = new ArrayList<>();
        for (Part part : parts) {
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

        /** Whether the claim may have its bytes now. The one that exceeds the part waits for nobody. */
        boolean admitsNow(Claim claim) {
            boolean first = whole.isEmpty() && (claim.whole || partial.isEmpty());
            return overdrawn == claim || (first && admits(claim));
        }

        boolean admits(Claim claim) {
            long held = claim.part == this ? claim.bytes : 0;
            return used - held + claim.wanted <= limit || mayOverdraw(claim);
        }

        /**
         * A small request that has not arrived whole may not exceed the part: it may be one of thousands that never do.
         */
        private boolean mayOverdraw(Claim claim) {
            return overdrawn == null && (claim.whole || claim.wanted > SMALL);
        }

        void take(Claim claim) {
            boolean overdraws = overdrawn == claim;
            claim.leavePart();
            used += claim.wanted;
            claim.part = this;
            claim.bytes = claim.wanted;
            if (overdraws || (used > limit && overdrawn == null)) {
                overdrawn = claim;
            }
        }
    }

    /** The bytes of the budget that one request or one answer holds. Used by one thread at a time. */
    final class Claim {
        private final long expected;
        private Runnable granted = () -> {};
        private @Nullable Part part;
        private @Nullable Queue<Claim> queue;
        private long bytes;
        private long wanted;
        private boolean whole;
        /** Whether anything has been asked for since the last release. Only the claim's own thread uses this. */
        private boolean used;

        private Claim(long expected) {
            this.expected = expected;
        }

        /**
         * Grows the claim to {@code most} bytes. While it waits for more, it keeps the bytes that it has.
         *
         * @param most bytes of the claim after the growth; if it has as many already, nothing changes
         * @param isWhole whether the whole request has arrived
         * @param then runs when a growth that had to wait is granted, on the thread that released the bytes; must not
         *     block
         * @return false if the growth must wait
         */
        boolean grow(long most, boolean isWhole, Runnable then) {
            if (most <= bytes) {
                return true;
            }
            used = true;
            boolean taken;
            boolean isFirstToWait = false;
            List<Claim> woken = List.of();
            synchronized (ByteBudget.this) {
                wanted = most;
                whole = isWhole;
                granted = then;
                Part target = part(Math.max(most, expected));
                taken = target.admitsNow(this);
                if (taken) {
                    target.take(this);
                    woken = grantWaiting();
                } else {
                    isFirstToWait = waiting == 0;
                    waiting++;
                    queue = target.queue(this);
                    queue.add(this);
                }
            }
            wake(woken);
            if (isFirstToWait) {
                whenContended.run();
            }
            return taken;
        }

        /** Keeps at most {@code most} bytes. */
        void shrink(long most) {
            List<Claim> woken;
            synchronized (ByteBudget.this) {
                if (part == null || bytes <= most) {
                    return;
                }
                part.used -= bytes - most;
                bytes = most;
                if (part.overdrawn == this && part.used <= part.limit) {
                    part.overdrawn = null;
                }
                woken = grantWaiting();
            }
            wake(woken);
        }

        /** Whether a growth is waiting. */
        boolean isWaiting() {
            synchronized (ByteBudget.this) {
                return queue != null;
            }
        }

        /** Releases all bytes and withdraws a growth that is waiting. Idempotent. */
        void release() {
            if (!used) {
                return;
            }
            used = false;
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
