package io.aeon.network;

import io.aeon.api.RequestContext;
import io.aeon.protocol.Request;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
    private volatile @Nullable Runnable drain;
    private volatile @Nullable Runnable close;
    private volatile @Nullable Runnable abort;

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

    /** @param stopReading lets requests under way finish and takes no more; any thread may run it */
    void onDrain(Runnable stopReading) {
        drain = stopReading;
    }

    /** @param close ends the connection without waiting for anything; any thread may run it */
    void onAbort(Runnable close) {
        abort = close;
    }

    /** @param close ends the connection when what was written has left; any thread may run it */
    void onClose(Runnable close) {
        this.close = close;
    }

    void drain() {
        run(drain);
    }

    void close() {
        run(close);
    }

    void abort() {
        run(abort);
    }

    private static void run(@Nullable Runnable action) {
        if (action != null) {
            action.run();
        }
    }

    @Override
    public String toString() {
        return software + " at " + remote.getAddress().getHostAddress() + ":" + remote.getPort() + " (listener "
                + listener + ")";
    }
}
