package io.aeon.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * Heap bytes that requests of all connections may take at once. A claim is granted at once or later, in order among
 * claims of its class, never by waiting in a thread. Small claims may use the whole budget, larger ones only a part, so
 * that no number of large frames keeps a heartbeat out; and a claim for more than there ever is counts as much as its
 * class can spare, so that it is granted when the others are done. Thread-safe.
 */
final class ByteBudget {
    private static final long SMALL = 64 << 10;

    private final SizeClass small;
    private final SizeClass middle;
    private final SizeClass huge;
    private long used;
    private int waiting;

    /** @param total bytes, at least one */
    ByteBudget(long total) {
        small = new SizeClass(SMALL, total, total);
        middle = new SizeClass(total / 16, total / 4 * 3, total / 16);
        huge = new SizeClass(Long.MAX_VALUE, total / 2, total / 4);
    }

    /**
     * Claims bytes; whoever claims must release, whether it was granted or not.
     *
     * @param granted run once when bytes come free for a claim that was not granted at once, on the thread that freed
     *     them; must not block
     */
    Claim claim(long bytes, Runnable granted) {
        SizeClass sizeClass = bytes <= small.largest ? small : bytes <= middle.largest ? middle : huge;
        Claim claim = new Claim(sizeClass, Math.min(bytes, sizeClass.most), granted);
        synchronized (this) {
            if (sizeClass.waiting.isEmpty() && used + claim.bytes <= sizeClass.limit) {
                grant(claim);
            } else {
                sizeClass.waiting.add(claim);
                waiting++;
            }
        }
        return claim;
    }

    /** Whether a claim is waiting. */
    synchronized boolean contended() {
        return waiting > 0;
    }

    /** Bytes granted and not released. */
    synchronized long used() {
        return used;
    }

    private void grant(Claim claim) {
        claim.state = State.GRANTED;
        used += claim.bytes;
    }

    private void release(Claim claim) {
        List<Claim> woken;
        synchronized (this) {
            if (claim.state == State.GRANTED) {
                used -= claim.bytes;
            } else if (claim.state == State.WAITING) {
                claim.sizeClass.waiting.remove(claim);
                waiting--;
            }
            claim.state = State.RELEASED;
            woken = waiting == 0 ? List.of() : grantWaiting();
        }
        for (Claim each : woken) {
            each.granted.run();
        }
    }

    private List<Claim> grantWaiting() {
        List<Claim> woken = new ArrayList<>();
        grantWaiting(small, woken);
        grantWaiting(middle, woken);
        grantWaiting(huge, woken);
        return woken;
    }

    private void grantWaiting(SizeClass sizeClass, List<Claim> woken) {
        Claim next = sizeClass.waiting.peek();
        while (next != null && used + next.bytes <= sizeClass.limit) {
            sizeClass.waiting.remove();
            waiting--;
            grant(next);
            woken.add(next);
            next = sizeClass.waiting.peek();
        }
    }

    private enum State {
        WAITING,
        GRANTED,
        RELEASED
    }

    private static final class SizeClass {
        final long largest;
        final long limit;
        final long most;
        final Queue<Claim> waiting = new ArrayDeque<>(0);

        SizeClass(long largest, long limit, long most) {
            this.largest = largest;
            this.limit = Math.max(1, limit);
            this.most = Math.max(1, most);
        }
    }

    /** A part of the budget, asked for or granted. */
    final class Claim {
        private final SizeClass sizeClass;
        private final long bytes;
        private final Runnable granted;
        private State state = State.WAITING;

        private Claim(SizeClass sizeClass, long bytes, Runnable granted) {
            this.sizeClass = sizeClass;
            this.bytes = bytes;
            this.granted = granted;
        }

        boolean isGranted() {
            synchronized (ByteBudget.this) {
                return state == State.GRANTED;
            }
        }

        /** Gives the bytes back, or stops asking for them. Again has no effect. */
        void release() {
            ByteBudget.this.release(this);
        }
    }
}
