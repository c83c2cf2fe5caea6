package io.aeon.api.faults;

import io.aeon.control.InjectedFault;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A fault that has begun: what it selects, what it does, and what waits for its end. Thread-safe. */
final class FaultRule implements InjectedFault {
    private final Selection selection;
    private final FaultAction action;
    private final Consumer<FaultRule> onClosed;
    /** Guarded by this object, like the fields below it. */
    private final Deque<Gate> gates = new ArrayDeque<>();

    private int hits;
    private boolean closed;

    /** @param onClosed called when nothing waits for this fault any more */
    FaultRule(Selection selection, FaultAction action, Consumer<FaultRule> onClosed) {
        this.selection = selection;
        this.action = action;
        this.onClosed = onClosed;
    }

    /** What a request or an answer waits for. */
    static final class Gate {
        private final CompletableFuture<Boolean> opened = new CompletableFuture<>();

        /** Completes when the wait is over, with false if the broker is closed. */
        CompletableFuture<Boolean> opened() {
            return opened;
        }

        void open() {
            opened.complete(true);
        }
    }

    Selection selection() {
        return selection;
    }

    FaultAction action() {
        return action;
    }

    /** Counts a hit. Returns false if the fault is over. */
    synchronized boolean hit() {
        if (isOver()) {
            return false;
        }
        hits++;
        return true;
    }

    synchronized boolean isOver() {
        return closed || hits >= selection.times();
    }

    /** A gate that opens when this fault closes, at the latest. */
    Gate gate() {
        Gate gate = new Gate();
        synchronized (this) {
            if (!closed) {
                gates.add(gate);
                var unused = gate.opened.thenRun(() -> opened(gate));
                return gate;
            }
        }
        gate.open();
        return gate;
    }

    private synchronized void opened(Gate gate) {
        gates.remove(gate);
    }

    @Override
    public synchronized int hits() {
        return hits;
    }

    @Override
    public void close() {
        end(true);
    }

    /** Ends the fault. What waits for it goes on in the order in which it came, or is given up. */
    void end(boolean goesOn) {
        synchronized (this) {
            closed = true;
        }
        letGo(goesOn);
        onClosed.accept(this);
    }

    /** Gives up what waits for this fault, which goes on. */
    void giveUp() {
        letGo(false);
    }

    private void letGo(boolean goesOn) {
        for (Gate gate = next(); gate != null; gate = next()) {
            gate.opened.complete(goesOn);
        }
    }

    private synchronized Gate next() {
        return gates.poll();
    }
}
