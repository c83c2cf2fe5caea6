package io.aeon.api.fetch;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Heap that fetches keep although nothing is done for them: lasting sessions, and requests without one that wait for
 * records. Thread-safe.
 */
final class FetchMemory {
    /**
     * Heap of one partition with its keys, its place in the maps of its session and what its leader keeps to wake it.
     */
    static final long PARTITION = 512;

    private final AtomicLong used = new AtomicLong();
    private final long most;

    /** @param most bytes of all fetches together */
    FetchMemory(long most) {
        this.most = most;
    }

    /**
     * Counts so many bytes more, or less if negative.
     *
     * @return false if that is more than there may be; the caller then gives bytes back
     */
    boolean add(long bytes) {
        return used.addAndGet(bytes) <= most;
    }

    /** Counts the bytes if there may be so many. */
    boolean take(long bytes) {
        boolean taken = add(bytes);
        if (!taken) {
            add(-bytes);
        }
        return taken;
    }

    /** Whether more bytes are counted than there may be. */
    boolean isExceeded() {
        return used.get() > most;
    }

    /** Bytes that all fetches together may take. */
    long most() {
        return most;
    }
}
