package io.aeon.network;

import java.util.concurrent.Executor;

/**
 * The turn of one connection: after a few requests it lets other work go first. So a new connection, and one with a
 * single request, is served at once beside hundreds that send without a pause. Used on the connection's own thread.
 */
final class Turn {
    /** Most clients have fewer requests under way. */
    private static final int REQUESTS = 8;

    private final Executor afterOthers;
    private final Runnable next;
    private int requests;
    private boolean letsOthersGo;

    /**
     * @param afterOthers runs a task on the connection's own thread, after other work
     * @param begun called at the beginning of each turn but the first
     */
    Turn(Executor afterOthers, Runnable begun) {
        this.afterOthers = afterOthers;
        this.next = () -> {
            letsOthersGo = false;
            begin();
            begun.run();
        };
    }

    /** The next turn begins, unless the connection lets others go. */
    void begin() {
        requests = 0;
    }

    /** A request has been passed on. */
    void passed() {
        requests++;
    }

    /** Whether the connection may pass on a request; if its turn is over, the next one begins after other work. */
    boolean isOn() {
        if (requests == REQUESTS && !letsOthersGo) {
            letsOthersGo = true;
            afterOthers.execute(next);
        }
        return !letsOthersGo;
    }
}
