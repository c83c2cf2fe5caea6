package io.aeon.network;

import io.aeon.network.Connection.Ending;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All connections of a broker. Limits their number and closes those that take too long. Thread-safe. */
final class Connections {
    private static final Logger log = LoggerFactory.getLogger(Connections.class);

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Map<InetAddress, Integer> openByAddress = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final Supplier<ConnectionLimits> limits;
    private final IntSupplier descriptors;
    private final Predicate<InetAddress> quota;
    private final Duration idle;
    private final Duration frame;
    private final ReadAhead ahead;
    private volatile boolean draining;

    /**
     * @param limits the limits that count now for connections that begin
     * @param descriptors connections for which the process has file descriptors now
     * @param quota whether an address may open another connection now; it counts the connection
     * @param idle see {@link Deadlines#exceeded}
     * @param frame see {@link Deadlines#exceeded}
     */
    Connections(
            Supplier<ConnectionLimits> limits,
            IntSupplier descriptors,
            Predicate<InetAddress> quota,
            Duration idle,
            Duration frame,
            ReadAhead ahead) {
        this.limits = limits;
        this.descriptors = descriptors;
        this.quota = quota;
        this.idle = idle;
        this.frame = frame;
        this.ahead = ahead;
    }

    /**
     * Whether the connection may be served. If so, the caller must call {@link #removed} when it has ended. A failure
     * of a limit refuses this connection: thrown, it would end the listener.
     */
    boolean admit(Connection connection) {
        try {
            return quota.test(connection.remote().getAddress()) && isWithinLimits(connection);
        } catch (RuntimeException e) {
            log.error("A connection from {} is refused, because a limit cannot be determined", connection.remote(), e);
            return false;
        }
    }

    private boolean isWithinLimits(Connection connection) {
        ConnectionLimits now = limits.get();
        int most = Math.min(now.most(), descriptors.getAsInt());
        InetAddress address = connection.remote().getAddress();
        int fromAddress = openByAddress.merge(address, 1, Integer::sum);
        if (fromAddress > now.from(address) || open.size() >= most) {
            refused.incrementAndGet();
            forget(connection);
            return false;
        }
        open.add(connection);
        if (draining) { // the end of all connections may not have met this one
            removed(connection);
            return false;
        }
        return true;
    }

    void removed(Connection connection) {
        if (open.remove(connection)) {
            forget(connection);
        }
        completeIfDrained();
    }

    private void forget(Connection connection) {
        openByAddress.computeIfPresent(connection.remote().getAddress(), (address, n) -> n == 1 ? null : n - 1);
    }

    /** The number of open connections by listener. */
    Map<String, Integer> byListener() {
        Map<String, Integer> counts = new TreeMap<>();
        open.forEach(connection -> counts.merge(connection.listener(), 1, Integer::sum));
        return counts;
    }

    int size() {
        return open.size();
    }

    /** Closes the connections that have taken too long. One thread at a time calls this periodically. */
    void closeOverdue(long now) {
        for (Connection connection : open) {
            if (connection.deadlines().overdue(now)) {
                connection.end(Ending.ABORT);
                continue;
            }
            closeFor(connection.deadlines().exceeded(now, idle, frame), connection, Ending.CLOSE);
            if (ahead.isShort() && connection.deadlines().longAhead(now)) {
                connection.closingBecause("ahead", "bytes sent long before their turn while there are many of them");
                connection.end(Ending.ABORT);
            }
        }
        int refusals = refused.getAndSet(0);
        if (refusals > 0) {
            log.warn(
                    "Refused {} connections: {} are open; max.connections is {}, max.connections.per.ip is {}, and the file"
                            + " descriptors of the process allow {}",
                    refusals,
                    open.size(),
                    limits.get().most(),
                    limits.get().perAddress(),
                    descriptors.getAsInt());
        }
    }

    /**
     * Closes the connections that hold memory for which others wait, and that send or read too slowly; what they have
     * not read is not sent any more, since the kernel would keep it for minutes. One thread at a time calls this
     * periodically while others wait.
     *
     * @param requestsWait see {@link Deadlines#tooSlow}
     * @param answersWait see {@link Deadlines#tooSlow}
     */
    void closeSlow(long now, boolean requestsWait, boolean answersWait) {
        open.forEach(connection ->
                closeFor(connection.deadlines().tooSlow(now, requestsWait, answersWait), connection, Ending.ABORT));
    }

    private static void closeFor(@Nullable String reason, Connection connection, Ending ending) {
        if (reason != null) {
            connection.closingBecause("time", reason);
            connection.end(ending);
        }
    }

    /** Stops taking requests. Completes when each connection has sent the replies under way and has ended. */
    CompletableFuture<Void> drain() {
        draining = true;
        open.forEach(connection -> connection.end(Ending.DRAIN));
        completeIfDrained();
        return drained;
    }

    /** Ends all connections at once and admits none from now on. */
    void abort() {
        draining = true;
        open.forEach(connection -> connection.end(Ending.ABORT));
    }

    private void completeIfDrained() {
        if (draining && open.isEmpty()) {
            drained.complete(null);
        }
    }
}
