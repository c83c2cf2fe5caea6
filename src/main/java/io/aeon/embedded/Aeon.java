package io.aeon.embedded;

import io.aeon.config.AeonSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Utils;

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
    private static final String CLIENT_LISTENER = "client";

    private final Map<String, InetSocketAddress> addresses;
    private final OpenParts parts;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    private Aeon(Map<String, InetSocketAddress> addresses, OpenParts parts) {
        this.addresses = addresses;
        this.parts = parts;
    }

    /**
     * Starts a broker and returns when it serves.
     *
     * @throws StartException it cannot; nothing it had opened stays open
     */
    public static Aeon start(AeonSettings settings) {
        return start(() -> settings, new OpenParts());
    }

    static Aeon start(Supplier<AeonSettings> settings, OpenParts parts) {
        try {
            return start(settings.get(), parts);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private static Aeon start(AeonSettings settings, OpenParts parts) {
        parts.opened(DataDirectory.claim(settings.dataDir()));
        return new Aeon(Map.of("client", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), parts);
    }

    /** A broker for a test: unless told otherwise on a free port and in a directory that its close removes. */
    public static AeonBuilder builder() {
        return new AeonBuilder();
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

    /** Stops in order: requests under way are answered, logs closed; no thread, file or mapping stays. Idempotent. */
    @Override
    public void close() {
        synchronized (parts) {
            parts.close();
        }
        stopped.complete(null);
    }

    private InetSocketAddress clientAddress() {
        InetSocketAddress address = addresses.get(CLIENT_LISTENER);
        return address != null ? address : addresses.values().iterator().next();
    }
}
