package io.aeon.network;

import io.aeon.api.RequestContext;
import io.aeon.protocol.Request;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What is known of one client's connection. The layers write it on the connection's own thread; {@link Deadlines} are
 * read by the one that watches all connections.
 */
final class Connection {
    private final String listener;
    private final InetSocketAddress advertised;
    private final InetSocketAddress remote;
    private final Consumer<Connection> onEnd;
    private final Deadlines deadlines = new Deadlines();
    private final Queue<Exchange> exchanges = new ArrayDeque<>(4);
    private String software = "unknown";
    private int layers = 2;
    private final Map<Ending, Runnable> actions = new EnumMap<>(Ending.class);
    private final Set<Ending> asked = EnumSet.noneOf(Ending.class);

    /** @param onEnd told once, when the connection is over; on the connection's thread */
    Connection(String listener, InetSocketAddress advertised, InetSocketAddress remote, Consumer<Connection> onEnd) {
        this.listener = listener;
        this.advertised = advertised;
        this.remote = remote;
        this.onEnd = onEnd;
    }

    InetSocketAddress remote() {
        return remote;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    RequestContext context(Request request) {
        return new RequestContext(
                request.version(), request.correlationId(), request.clientId(), software, listener, advertised, remote);
    }

    void software(String nameAndVersion) {
        software = nameAndVersion;
    }

    /** An exchange that {@link #end(Exchange)} or the end of the connection will end. */
    void begin(Exchange exchange) {
        if (layers == 0) {
            exchange.end();
        } else {
            exchanges.add(exchange);
            deadlines.busy(true);
        }
    }

    void end(Exchange exchange) {
        exchanges.remove(exchange);
        exchange.end();
        deadlines.busy(!exchanges.isEmpty());
    }

    /**
     * The first or the last layer has stopped. When both have, what is under way ends: handlers that still work give
     * back what they hold when they are done.
     */
    void stopped() {
        layers--;
        if (layers == 0) {
            exchanges.forEach(Exchange::end);
            exchanges.clear();
            onEnd.accept(this);
        }
    }

    /** @param action what a layer does to end the connection this way; any thread may run it, at once too */
    synchronized void on(Ending ending, Runnable action) {
        actions.merge(ending, action, (first, second) -> () -> {
            first.run();
            second.run();
        });
        if (asked.contains(ending)) {
            action.run();
        }
    }

    /** Ends the connection, also if it has not begun yet. */
    synchronized void end(Ending ending) {
        asked.add(ending);
        Runnable action = actions.get(ending);
        if (action != null) {
            action.run();
        }
    }

    /** How a connection is ended from outside. */
    enum Ending {
        /** Requests under way are answered, no more are taken. */
        DRAIN,
        /** What was written leaves, then it is over. */
        CLOSE,
        /** It is over. */
        ABORT
    }

    @Override
    public String toString() {
        return software + " at " + remote.getAddress().getHostAddress() + ":" + remote.getPort() + " (listener "
                + listener + ")";
    }
}
