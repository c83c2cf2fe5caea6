package io.aeon.console.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open HTTP port. Each request under way has a thread, and there are only so many: a connection whose request finds
 * none is closed. Threads without work end.
 */
public final class HttpPort implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpPort.class);
    private static final int MOST_REQUESTS = 24;
    private static final int IDLE_SECONDS = 10;
    private static final int BACKLOG = 50;
    private static final String GZIP = "gzip";

    /** Nothing from elsewhere is loaded, and no other site shows a page of this one in a frame. */
    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
                    + " manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cache-Control",
            "no-store");

    private final Routes routes;
    private final Doorkeeper doorkeeper;
    private final HttpServer server;
    private final ThreadPoolExecutor threads;

    private HttpPort(HttpServer server, Routes routes, Doorkeeper doorkeeper) {
        this.routes = routes;
        this.doorkeeper = doorkeeper;
        this.server = server;
        AtomicInteger count = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                0, MOST_REQUESTS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, "aeon-http-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * Binds a port and serves it; closes {@code routes} if none can be bound. The server's threads belong to the thread
     * group of the caller.
     *
     * @param spare number of ports above that of {@code address} of which the first free one is taken if that one is
     *     not free
     * @throws IOException the address cannot be bound
     */
    public static HttpPort open(InetSocketAddress address, int spare, Routes routes, Doorkeeper doorkeeper)
            throws IOException {
        HttpServer server;
        try {
            server = bound(address, spare);
        } catch (IOException | RuntimeException e) {
            routes.close();
            throw e;
        }
        HttpPort port = new HttpPort(server, routes, doorkeeper);
        server.createContext("/", port::handle);
        server.setExecutor(port.threads);
        server.start();
        return port;
    }

    private static HttpServer bound(InetSocketAddress address, int spare) throws IOException {
        try {
            return HttpServer.create(address, BACKLOG);
        } catch (BindException e) {
            if (spare == 0) {
                throw e;
            }
            try {
                return bound(new InetSocketAddress(address.getHostString(), address.getPort() + 1), spare - 1);
            } catch (BindException ofSpare) {
                e.addSuppressed(ofSpare);
                throw e;
            }
        }
    }

    /** The address that is bound. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            HttpAnswer answer = answer(exchange);
            try {
                send(exchange, answer);
            } finally {
                answer.body().end();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("A client is gone before its answer was complete", e);
        }
    }

    private HttpAnswer answer(HttpExchange exchange) throws InterruptedException {
        String path = Objects.requireNonNullElse(exchange.getRequestURI().getPath(), "");
        try {
            doorkeeper.check(exchange);
            boolean isWrite = exchange.getRequestMethod().equals("POST");
            Optional<Resource> resource = isWrite ? routes.writes(path) : routes.reads(path);
            if (resource.isEmpty()) {
                return HttpAnswer.text(404, "there is nothing at " + path + "\n");
            }
            byte[] body = isWrite ? exchange.getRequestBody().readNBytes(Doorkeeper.LARGEST_BODY) : new byte[0];
            return resource.get()
                    .answer(HttpQuery.of(
                            path,
                            exchange.getRequestURI().getRawQuery(),
                            exchange.getRequestHeaders().getFirst("Accept"),
                            body));
        } catch (RefusedException e) {
            return e.answer();
        } catch (IOException e) {
            return HttpAnswer.text(503, e.getMessage() + "\n");
        } catch (RuntimeException e) {
            LOG.warn("The request for {} has failed", path, e);
            return HttpAnswer.text(500, "the request has failed: " + e + "\n");
        }
    }

    private static void send(HttpExchange exchange, HttpAnswer answer) throws IOException, InterruptedException {
        Headers headers = exchange.getResponseHeaders();
        ALWAYS.forEach(headers::set);
        headers.set("Content-Type", answer.contentType());
        if (answer.status() >= 400) {
            headers.set("Connection", "close");
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            if (answer.length() >= 0) {
                headers.set("Content-Length", Long.toString(answer.length()));
            }
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        boolean compressed = answer.compressible() && acceptsGzip(exchange);
        if (compressed) {
            headers.set("Content-Encoding", GZIP);
        }
        // The JDK's server takes 0 for a body of unknown length and -1 for none.
        long length = answer.length() > 0 ? answer.length() : answer.length() == 0 ? -1 : 0;
        exchange.sendResponseHeaders(answer.status(), length);
        if (length >= 0) {
            OutputStream sent = exchange.getResponseBody();
            try (OutputStream out = compressed ? new FastGzip(sent) : sent) {
                answer.body().writeTo(out);
            }
        }
    }

    private static boolean acceptsGzip(HttpExchange exchange) {
        String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
        return accepted != null && accepted.contains(GZIP);
    }

    /** Closes the port and all its connections, and ends the requests under way. */
    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
        routes.close();
    }
}
