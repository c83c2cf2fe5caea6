package io.aeon.embedded;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts that a broker has opened so far. They are closed in reverse order, each on its own thread, so that neither
 * a part that hangs nor an interrupt of the caller keeps the other parts open. Thread-safe.
 */
class OpenParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenParts.class);
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(1);

    private final Deque<Part> parts = new ArrayDeque<>();
    private Duration limit = USUAL_LIMIT;
    private final CompletableFuture<Void> abandoned = new CompletableFuture<>();
    private boolean hung;

    private record Part(String name, AutoCloseable part, Kind kind) {
        /** Whether the other parts use it, so that it stays open if one of them hangs. */
        boolean isGround() {
            return kind != Kind.USER;
        }
    }

    private enum Kind {
        /** Used by no other broker. */
        USER,
        /** Can be used by another broker as soon as it is closed. */
        GROUND,
        /** Work of a clean stop; a broker that is killed does not do it. */
        FAREWELL,
        /** Outlives a broker that is killed. */
        OUTSIDE
    }

    /** @param longest maximum time to close one part; a part that exceeds it is named in the log and left open */
    synchronized void closeWithin(Duration longest) {
        limit = longest;
    }

    /**
     * Adds a part.
     *
     * @param name name of the part in log messages
     * @throws StartException {@link #abandon} was called; the part is closed with the others
     */
    <T extends AutoCloseable> T opened(String name, T part) {
        return take(part, new Part(name, part, Kind.USER));
    }

    /** Adds a part that another broker can use as soon as it is closed. It is closed only if no other part hangs. */
    <T extends AutoCloseable> T openedGround(String name, T part) {
        return take(part, new Part(name, part, Kind.GROUND));
    }

    /** Adds work that only a clean stop does. It is left out if another part hangs. */
    void atCleanStop(String name, AutoCloseable work) {
        take(work, new Part(name, work, Kind.FAREWELL));
    }

    /** Adds what stays open when the broker is killed. */
    <T extends AutoCloseable> T openedOutside(String name, T part) {
        return take(part, new Part(name, part, Kind.OUTSIDE));
    }

    private synchronized <T extends AutoCloseable> T take(T part, Part taken) {
        parts.push(taken);
        if (abandoned.isDone()) {
            throw interrupted();
        }
        return part;
    }

    /**
     * Asks the thread that opens parts to stop: its next call to add a part fails, and it then has to close all parts.
     */
    void abandon() {
        abandoned.completeExceptionally(interrupted());
    }

    /** Fails when {@link #abandon} is called, so that a step of the start that waits for other nodes ends. */
    CompletableFuture<Void> abandoned() {
        return abandoned;
    }

    private static StartException interrupted() {
        return new StartException("the start was interrupted");
    }

    /** Closes every part, even if some of them fail to close. Idempotent. */
    @Override
    public synchronized void close() {
        close(parts);
    }

    /** Closes every part but those that outlive a broker that is killed. */
    synchronized void closeInside() {
        Deque<Part> ending = new ArrayDeque<>(parts);
        ending.removeIf(part -> part.kind() == Kind.OUTSIDE);
        parts.removeIf(part -> part.kind() != Kind.OUTSIDE);
        close(ending);
    }

    /**
     * Returns the parts for the next start of a broker that was killed: those that outlive it, which belong to the
     * returned ones from now on.
     */
    synchronized OpenParts next() {
        OpenParts next = new OpenParts();
        parts.stream().filter(part -> part.kind() == Kind.OUTSIDE).forEach(next.parts::addLast);
        parts.removeIf(part -> part.kind() == Kind.OUTSIDE);
        next.hung = hung;
        return next;
    }

    /** Closes what a process that ends has open, without the work of a clean stop. */
    synchronized void kill() {
        Deque<Part> ending = new ArrayDeque<>(parts);
        ending.removeIf(part -> part.kind() == Kind.FAREWELL || part.kind() == Kind.OUTSIDE);
        parts.removeIf(part -> part.kind() != Kind.OUTSIDE);
        close(ending);
    }

    private void close(Deque<Part> ending) {
        while (!ending.isEmpty()) {
            Part part = ending.pop();
            if (part.isGround() && hung) {
                LOG.error(
                        "The {} is not released before this process ends: a part of the broker did not close and"
                                + " still uses it",
                        part.name());
            } else {
                hung |= !closed(part);
            }
        }
    }

    private boolean closed(Part part) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Thread closer = new Thread(() -> close(part, closed), "aeon-close");
        closer.setDaemon(true);
        closer.start();
        boolean inTime = UninterruptedWait.await(closed, limit);
        if (!inTime) {
            String where = Arrays.stream(closer.getStackTrace())
                    .map(StackTraceElement::toString)
                    .collect(Collectors.joining(" < "));
            LOG.error(
                    "The {} has not closed within {} and is left open; its thread is at: {}",
                    part.name(),
                    limit,
                    where);
        }
        return inTime;
    }

    private static void close(Part part, CompletableFuture<Void> closed) {
        try {
            part.part().close();
        } catch (Exception e) {
            LOG.warn("The {} did not close cleanly", part.name(), e);
        } finally {
            closed.complete(null);
        }
    }
}
