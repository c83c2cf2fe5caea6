package io.aeon.logging;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Logs clients' errors at level INFO: at most one line a minute for each kind of error and client address, with the
 * number of omitted lines since the previous one. Keeps at most 1,000 pairs of kind and address; the pair without an
 * error for the longest time is removed first. Thread-safe.
 */
public final class ClientFaults {
    /** Minimum time between two lines of one kind and address. */
    static final Duration INTERVAL = Duration.ofMinutes(1);

    static final int MOST = 1000;

    private final Logger logger;
    private final LongSupplier nanoTime;
    private final Map<Source, Said> said = new LinkedHashMap<>();

    private record Source(String kind, InetAddress client) {}

    private record Said(long nanos, long leftOut) {}

    /**
     * @param logger receives the lines
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public ClientFaults(Logger logger, LongSupplier nanoTime) {
        this.logger = logger;
        this.nanoTime = nanoTime;
    }

    /**
     * Reports an error of a client.
     *
     * @param kind kind of error; one of a few constants
     * @param line description of the error; control characters are escaped
     */
    public void add(String kind, InetAddress client, String line) {
        long leftOut = admit(new Source(kind, client));
        if (leftOut == 0) {
            logger.info("{}", Printable.of(line));
        } else if (leftOut > 0) {
            logger.info(
                    "{} ({} more of this kind from {} before)", Printable.of(line), leftOut, client.getHostAddress());
        }
    }

    /** The number of omitted lines since the previous one; -1 if this line is omitted too. */
    private synchronized long admit(Source source) {
        long now = nanoTime.getAsLong();
        Said before = said.remove(source);
        if (before != null && now - before.nanos() < INTERVAL.toNanos()) {
            said.put(source, new Said(before.nanos(), before.leftOut() + 1));
            return -1;
        }
        said.put(source, new Said(now, 0));
        if (said.size() > MOST) {
            Iterator<Source> eldest = said.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return before == null ? 0 : before.leftOut();
    }
}
