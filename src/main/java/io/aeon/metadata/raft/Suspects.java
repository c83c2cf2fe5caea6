package io.aeon.metadata.raft;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which processes are gone, after a connection to each of them has ended: those whose ports refuse several
 * connects in a row. A port that does not answer proves nothing, because a broken link looks the same. A process is
 * under suspicion until it gives a sign of life. A state machine without I/O: the caller passes times in milliseconds
 * of any clock, and makes the connects. Not thread-safe.
 *
 * @param <K> identifies a process
 */
final class Suspects<K> {
    /** What a connect to the port of a process has met. */
    enum Connect {
        ACCEPTED,
        /** The machine answers that no process listens at the port. */
        REFUSED,
        /** No answer, or none from the machine itself. */
        NO_ANSWER
    }

    static final long NEVER = Long.MAX_VALUE;
    /** So many connects in a row have to be refused. */
    static final int REFUSALS = 3;
    /** Milliseconds between two connects. */
    static final long PAUSE_MS = 50;
    /** So many connects are made at that pace; the first ones may meet a port that is about to be closed. */
    static final int QUICK_TRIES = 5;
    /** Milliseconds between two later connects. */
    static final long LONG_PAUSE_MS = 500;

    private final Map<K, Suspicion> suspicions = new HashMap<>();

    /** A connection to the process has ended. No effect while it is under suspicion. */
    void suspect(K process, long now) {
        suspicions.computeIfAbsent(process, each -> new Suspicion(now));
    }

    /** The process has given a sign of life, or does not matter any more. */
    void acquit(K process) {
        suspicions.remove(process);
    }

    /** The processes to whose ports to connect now; each ends with {@link #answered}. */
    List<K> due(long now) {
        List<K> due = new ArrayList<>();
        suspicions.forEach((process, suspicion) -> {
            if (suspicion.due <= now) {
                suspicion.due = NEVER;
                due.add(process);
            }
        });
        return due;
    }

    /** The time at which {@link #due} has to be called again; {@link #NEVER} if there is nothing to do. */
    long nextDue() {
        return suspicions.values().stream()
                .mapToLong(suspicion -> suspicion.due)
                .min()
                .orElse(NEVER);
    }

    /** Whether the process is gone, now that a connect to its port has ended. */
    boolean answered(K process, Connect connect, long now) {
        Suspicion suspicion = suspicions.get(process);
        if (suspicion == null) {
            return false;
        }
        suspicion.tries++;
        suspicion.refusals = connect == Connect.REFUSED ? suspicion.refusals + 1 : 0;
        boolean isQuick = suspicion.refusals > 0 || suspicion.tries < QUICK_TRIES;
        suspicion.due = now + (isQuick ? PAUSE_MS : LONG_PAUSE_MS);
        boolean gone = suspicion.refusals == REFUSALS;
        if (gone) {
            suspicions.remove(process);
        }
        return gone;
    }

    private static final class Suspicion {
        private int tries;
        private int refusals;
        private long due;

        Suspicion(long now) {
            due = now;
        }
    }
}
