package io.aeon.network;

import akka.Done;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of one client's connection. The layers change it on the connection's own thread. The thread that watches
 * all connections reads the {@link Deadlines}. This is an attribute of the connection's stream, so that one blueprint
 * serves all connections.
 */
final class Connection implements Attributes.Attribute {
    private final ClientConnection client;
    private final @Nullable GatheringByteChannel socket;
    private final ClientFaults faults;
    private final Consumer<Connection> onEnd;
    private final Deadlines deadlines = new Deadlines();
    private final ClientWatch watch = new ClientWatch();
    private final Queue<Exchange> exchanges = new ArrayDeque<>(4);
    private final CompletableFuture<Done> begun = new CompletableFuture<>();
    private int layers = 2;
    private final List<Consumer<Ending>> ends = new ArrayList<>(layers);
    private final Set<Ending> asked = EnumSet.noneOf(Ending.class);

    /**
     * @param client the connection as handlers see it
     * @param socket non-blocking, for direct writes that bypass Akka; null if there is none
     * @param faults logs what the client does wrong
     * @param onEnd runs once when the connection has ended, on the connection's thread
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

    String listener() {
        return client.listener();
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

    ClientWatch watch() {
        return watch;
    }

    /**
     * Logs a fault of the client for which the connection is closed.
     *
     * @param kind one of a few constants, which bounds the log to one line a minute per kind and address
     */
    void closingBecause(String kind, String what) {
        faults.add(kind, client.remote().getAddress(), "Closing " + this + ": " + what);
    }

    RequestContext context(Request request) {
        return new RequestContext(request.version(), request.correlationId(), request.clientId(), client);
    }

    /** Done when the connection's stream has started, or has ended without. */
    CompletionStage<Done> begun() {
        return begun;
    }

    /** Called when the stream starts. */
    void started() {
        begun.complete(Done.done());
    }

    /** Registers an exchange. {@link #end(Exchange)} or the end of the connection ends it. */
    void begin(Exchange exchange) {
        if (layers == 0) {
            exchange.end();
        } else {
            exchanges.add(exchange);
        }
    }

    void end(Exchange exchange) {
        exchanges.remove(exchange);
        exchange.complete();
        exchange.end();
    }

    /**
     * Called when the first and when the last layer stops. After both, the exchanges under way end. A handler that is
     * still at work releases its resources when it is done.
     */
    void stopped() {
        layers--;
        if (layers == 0) {
            started();
            exchanges.forEach(Exchange::end);
            exchanges.clear();
            client.ended();
            onEnd.accept(this);
        }
    }

    /** @param action ends the layer's part of the connection; runs on any thread, possibly at once */
    synchronized void onEnding(Consumer<Ending> action) {
        ends.add(action);
        asked.forEach(action);
    }

    /** Ends the connection, even if its stream has not started yet. */
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

    /** How another thread ends a connection. */
    enum Ending {
        /**
         * Takes no more requests. Requests under way are answered; those that wait for other clients at once or not at
         * all.
         */
        DRAIN,
        /** Sends what was written, if the client reads it within seconds, and closes the connection. */
        CLOSE,
        /** Closes the connection at once. */
        ABORT
    }

    @Override
    public String toString() {
        return client.toString();
    }
}
