package io.aeon.logging;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Says at level INFO what clients do wrong: of each kind and client address one line a minute, with the number of lines
 * left out since the one before. Remembers 1,000 kinds and addresses; those that have been quiet for the longest time are
 * forgotten. Thread-safe.
 */
public final class ClientFaults {
    /** Least time between two lines of one kind and address. */
    static final Duration INTERVAL = Duration.ofMinutes(1);

    static final int MOST = 1000;

    private final Logger logger;
    private final LongSupplier nanoTime;
    private final Map<Source, Said> said = new LinkedHashMap<>();

    private record Source(String kind, InetAddress client) {}

    private record Said(long nanos, long leftOut) {}

    /**
     * @param logger where the lines go
     * @param nanoTime a clock that only goes forward
     */
    public ClientFaults(Logger logger, LongSupplier nanoTime) {
        this.logger = logger;
        this.nanoTime = nanoTime;
    }

    /**
     * A client has done something wrong.
     *
     * @param kind one of a few constants
     * @param line what happened; control characters are escaped
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

    /** Lines left out since the last one, -1 if this one is left out too. */
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
