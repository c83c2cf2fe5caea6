package io.aeon.network;

import akka.stream.Attributes;
import io.aeon.api.ClientConnection;
import io.aeon.api.RequestContext;
import io.aeon.logging.ClientFaults;
import io.aeon.protocol.Request;
import java.net.InetSocketAddress;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one client's connection. The layers write it on the connection's own thread; {@link Deadlines} are
 * read by the one that watches all connections. An attribute of the stream that serves it, so that one blueprint does for
 * all.
 */
final class Connection implements Attributes.Attribute {
    private final ClientConnection client;
    private final @Nullable GatheringByteChannel socket;
    private final ClientFaults faults;
    private final Consumer<Connection> onEnd;
    private final Deadlines deadlines = new Deadlines();
    private final Queue<Exchange> exchanges = new ArrayDeque<>(4);
    private int layers = 2;
    private final List<Consumer<Ending>> ends = new ArrayList<>(layers);
    private final Set<Ending> asked = EnumSet.noneOf(Ending.class);

    /**
     * @param client what handlers see of it
     * @param socket for writing past Akka, never blocks; null where there is none
     * @param faults told what the client does wrong
     * @param onEnd told once, when the connection is over; on the connection's thread
     */
    Connection(
            ClientConnection client,
            @Nullable GatheringByteChannel socket,
            ClientFaults faults,
            Consumer<Connection> onEnd) {
        this.faults = faults;
        this.client = client;
        this.socket = socket;
        this.onEnd = onEnd;
    }

    /** The connection that the stream with these attributes serves. */
    static Connection of(Attributes stream) {
        return stream.getAttribute(Connection.class).orElseThrow();
    }

    Attributes attributes() {
        return Attributes.none().and(this);
    }

    InetSocketAddress remote() {
        return client.remote();
    }

    @Nullable
    GatheringByteChannel socket() {
        return socket;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    /**
     * The client has done something for which its connection is closed.
     *
     * @param kind one of a few constants
     */
    void closingBecause(String kind, String what) {
        faults.add(kind, client.remote().getAddress(), "Closing " + this + ": " + what);
    }

    RequestContext context(Request request) {
        return new RequestContext(request.version(), request.correlationId(), request.clientId(), client);
    }

    /** An exchange that {@link #end(Exchange)} or the end of the connection will end. */
    void begin(Exchange exchange) {
        if (layers == 0) {
            exchange.end();
        } else {
            exchanges.add(exchange);
        }
    }

    void end(Exchange exchange) {
        exchanges.remove(exchange);
        exchange.end();
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
            client.ended();
            onEnd.accept(this);
        }
    }

    /** @param action what a layer does to end the connection; any thread may run it, at once too */
    synchronized void onEnding(Consumer<Ending> action) {
        ends.add(action);
        asked.forEach(action);
    }

    /** Ends the connection, also if it has not begun yet. */
    void end(Ending ending) {
        if (ending == Ending.DRAIN) {
            client.ended();
        }
        tellLayers(ending);
    }

    private synchronized void tellLayers(Ending ending) {
        asked.add(ending);
        ends.forEach(action -> action.accept(ending));
    }

    /** How a connection is ended from outside. */
    enum Ending {
        /** Requests under way are answered, those at once that wait for other clients, or not at all; no more are taken. */
        DRAIN,
        /** What was written leaves, then it is over. */
        CLOSE,
        /** It is over. */
        ABORT
    }

    @Override
    public String toString() {
        return client.toString();
    }
}
