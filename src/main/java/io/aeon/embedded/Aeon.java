package io.aeon.embedded;

import io.aeon.config.AeonSettings;
import io.aeon.storage.file.LogFiles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole broker in this JVM. Several may run at once, each with a data directory of its own. Thread-safe.
 *
 * <pre>{@code
 * try (Aeon broker = Aeon.builder().set("aeon.kafka.num.partitions", 3).start()) {
 *     producerSettings.put("bootstrap.servers", broker.bootstrapServers());
 * }
 * }</pre>
 */
public final class Aeon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Aeon.class);
    private static final String CLIENT_LISTENER = "client";

    private final OpenParts parts;
    private final Map<String, InetSocketAddress> addresses;
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    private Aeon(OpenParts parts, Map<String, InetSocketAddress> addresses) {
        this.parts = parts;
        this.addresses = addresses;
    }

    /**
     * Starts a broker and returns when it serves. It runs until it is closed, and keeps the JVM alive.
     *
     * @throws StartException it cannot, or this thread was interrupted; nothing it had opened stays open
     */
    public static Aeon start(AeonSettings settings) {
        return start(() -> settings, LogFiles.disk(), new OpenParts());
    }

    /** A broker for a test: unless told otherwise on a free port and in a directory that its close removes. */
    public static AeonBuilder builder() {
        return new AeonBuilder();
    }

    static Aeon start(Supplier<AeonSettings> settings, LogFiles files, OpenParts parts) {
        Wiring wiring = BrokerStart.run(settings, files, parts);
        Aeon aeon = new Aeon(parts, wiring.addresses());
        var unused = wiring.gaveUp().whenComplete((nothing, cause) -> aeon.giveUp(cause));
        return aeon;
    }

    /** Port of the listener {@code client}, or of the only one. */
    public int port() {
        return clientAddress().getPort();
    }

    /** {@code host:port} at which a client on this machine reaches the broker: what clients call bootstrap.servers. */
    public String bootstrapServers() {
        InetAddress bound = clientAddress().getAddress();
        InetAddress host = bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound;
        return Utils.formatAddress(host.getHostAddress(), port());
    }

    /** Completes when the broker has stopped: normally after {@link #close()}, exceptionally if it gave up by itself. */
    public CompletionStage<Void> whenStopped() {
        return stopped.minimalCompletionStage();
    }

    /**
     * Stops in order: requests under way are answered, logs closed; no thread, file or mapping of this broker stays (the
     * metrics library inside Kafka's controller keeps two idle threads per JVM). Idempotent.
     */
    @Override
    public void close() {
        boolean asked = ending.compareAndSet(false, true);
        parts.close();
        if (asked) {
            stopped.complete(null);
        }
    }

    /** On a thread of its own, because the one that brings the news belongs to what has to be closed. */
    private void giveUp(Throwable cause) {
        if (ending.compareAndSet(false, true)) {
            LOG.error("The broker cannot go on and stops", cause);
            new Thread(() -> closeAfter(cause), "aeon-give-up").start();
        }
    }

    private void closeAfter(Throwable cause) {
        parts.close();
        stopped.completeExceptionally(cause);
    }

    private InetSocketAddress clientAddress() {
        InetSocketAddress address = addresses.get(CLIENT_LISTENER);
        return address != null ? address : addresses.values().iterator().next();
    }
}
