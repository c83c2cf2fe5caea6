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
 * What a broker has opened so far, closed in reverse order. Each part is closed on a thread of its own, so that neither a
 * part that hangs nor an interrupt of the caller keeps the others open. Thread-safe.
 */
class OpenParts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenParts.class);
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(1);

    private final Deque<Part> parts = new ArrayDeque<>();
    private Duration limit = USUAL_LIMIT;
    private boolean abandoned;
    private boolean hung;

    /** @param isGround whether the others stand on it: it stays open if one of them hangs */
    private record Part(String name, AutoCloseable part, boolean isGround) {}

    /** @param longest time that closing one part may take; after it the log names the part, and it is left as it is */
    synchronized void closeWithin(Duration longest) {
        limit = longest;
    }

    /**
     * Takes a part.
     *
     * @param name what the log calls it
     * @throws StartException nobody wants the parts any more; this one is closed as well
     */
    <T extends AutoCloseable> T opened(String name, T part) {
        return take(part, new Part(name, part, false));
    }

    /** Takes a part that another broker may have as soon as this one closes it: only if no part of this one hangs. */
    <T extends AutoCloseable> T openedGround(String name, T part) {
        return take(part, new Part(name, part, true));
    }

    private synchronized <T extends AutoCloseable> T take(T part, Part taken) {
        parts.push(taken);
        if (abandoned) {
            throw new StartException("the start was interrupted");
        }
        return part;
    }

    /** Whoever opens parts shall stop and close them. */
    synchronized void abandon() {
        abandoned = true;
    }

    /** Closes every part, also when some fail to. Again has no effect. */
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            if (part.isGround() && hung) {
                LOG.error(
                        "The {} stays claimed until this process ends, for a part of the broker still uses it",
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
            LOG.error("The {} has not closed within {} and is left as it is: {}", part.name(), limit, where);
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
