package io.aeon.network;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that connections have sent before their turn: behind a request that is not answered yet, or before the memory
 * for them is granted. Akka reads them in pieces of 128 KiB, so they are in memory before anyone can be asked.
 * Thread-safe.
 */
final class ReadAhead {
    /** A connection with fewer bytes is not closed for them. */
    static final int UNNOTICED = 8 << 10;

    private final AtomicLong bytes = new AtomicLong();
    private final long most;

    /** @param most bytes of all connections together */
    ReadAhead(long most) {
        this.most = most;
    }

    long most() {
        return most;
    }

    /** Whether more than half of the bytes are there. */
    boolean isShort() {
        return bytes.get() > most / 2;
    }

    /**
     * Counts that a connection has {@code now} bytes instead of {@code before}. Returns whether there is room for them.
     */
    boolean changed(int before, int now) {
        return bytes.addAndGet((long) now - before) <= most || now <= UNNOTICED;
    }
}
