package io.aeon.embedded;

import io.aeon.api.telemetry.ClientMetrics;
import io.aeon.config.AeonSettings;
import io.aeon.control.BrokerControl;
import io.aeon.control.ControlledBroker;
import io.aeon.metadata.Metadata;
import io.aeon.metrics.TextFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A complete broker in this JVM. Several brokers can run in one JVM, each with its own data directory. Thread-safe.
 *
 * <pre>{@code
 * try (Aeon broker = Aeon.builder().set("aeon.kafka.num.partitions", 3).start()) {
 *     producerSettings.put("bootstrap.servers", broker.bootstrapServers());
 * }
 * }</pre>
 */
public final class Aeon implements ControlledBroker {
    private static final Logger LOG = LoggerFactory.getLogger(Aeon.class);

    private volatile OpenParts parts;
    private final @Nullable World world;
    private volatile Wiring wiring;
    /** False after the broker was killed, until it is started again. */
    private volatile boolean lives = true;

    private final AtomicBoolean ending = new AtomicBoolean();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    private Aeon(OpenParts parts, Wiring wiring, @Nullable World world) {
        this.parts = parts;
        this.world = world;
        this.wiring = wiring;
        watch(wiring);
    }

    /**
     * Starts a broker and returns when it serves clients. The broker runs, and keeps the JVM alive, until it is closed.
     *
     * @throws StartException the broker cannot start, or the calling thread was interrupted; everything it had opened
     *     is closed again
     */
    public static Aeon start(AeonSettings settings) {
        OpenParts parts = new OpenParts();
        return new Aeon(parts, BrokerStart.run(() -> settings, Surroundings.real(), parts, parts::close), null);
    }

    /**
     * Returns a builder for a broker in a test. By default the broker listens on a free port and keeps its data in a
     * temporary directory, which {@link #close()} removes.
     */
    public static AeonBuilder builder() {
        return new AeonBuilder();
    }

    /**
     * Returns a builder for a cluster in a test: several nodes in this JVM, each a broker and a controller.
     *
     * @param nodes number of nodes; their ids begin with 1
     */
    public static AeonClusterBuilder cluster(int nodes) {
        return new AeonClusterBuilder(nodes);
    }

    /** Starts a broker in a world that a test controls. */
    static Aeon start(Supplier<AeonSettings> settings, World world, OpenParts parts) {
        Aeon aeon = new Aeon(parts, BrokerStart.run(settings, world.surroundings(), parts, parts::close), world);
        world.has(aeon, aeon.wiring);
        return aeon;
    }

    private void watch(Wiring started) {
        var unused = started.gaveUp().whenComplete((nothing, cause) -> {
            if (lives && wiring.gaveUp() == started.gaveUp()) {
                giveUp(cause);
            }
        });
    }

    /** Ends what the end of a process ends, and nothing more. {@link #restart} starts the broker again. */
    void kill() {
        lives = false;
        wiring.insides().listeners().abort();
        metadata().kill();
        parts.kill();
    }

    /** False after the broker was killed, until it is started again. */
    boolean lives() {
        return lives;
    }

    Metadata metadata() {
        return wiring.insides().metadata();
    }

    /** Starts a broker that was killed. If that fails, it can be tried again. */
    void restart(Supplier<AeonSettings> settings, World own) {
        OpenParts next = parts.next();
        parts = next;
        Wiring started = BrokerStart.run(settings, own.surroundings(), next, next::closeInside);
        wiring = started;
        lives = true;
        own.has(this, started);
        watch(started);
    }

    /** The port of the listener {@code client}; of the first listener if none has that name. */
    public int port() {
        return clientAddress().getPort();
    }

    /** The settings with which another broker listens on the ports of this one. */
    Map<String, Object> ports() {
        return wiring.ports();
    }

    /**
     * The {@code host:port} at which a client on this machine reaches the broker; the value for {@code
     * bootstrap.servers}.
     */
    @Override
    public String bootstrapServers() {
        return OwnAddress.of(clientAddress());
    }

    /**
     * The metrics that each client has pushed last (KIP-714), those that came last at the end. Clients push the metrics
     * to which the cluster is subscribed: {@code kafka-client-metrics.sh} manages the subscriptions.
     */
    public Collection<ClientMetrics> clientMetrics() {
        return wiring.clientMetrics().all();
    }

    /**
     * Writes the metrics of this broker in Prometheus' text format 0.0.4, in UTF-8. Blocks for at most two seconds
     * while parts of the broker are busy. Does not close {@code out}.
     */
    public void writeMetrics(OutputStream out) throws IOException {
        wiring.metrics().scrape().write(out, TextFormat.PROMETHEUS);
    }

    /**
     * The {@code host:port} at which other nodes reach this node's controller; the value for their setting {@code
     * aeon.join}. Empty if this node has no controller listener ({@code aeon.listeners.controller}).
     */
    public Optional<String> controller() {
        return wiring.controller().map(address -> Utils.formatAddress(address.getHostString(), address.getPort()));
    }

    /**
     * The address of the console, which is opened after the start; waits until it is. Empty if there is none ({@code
     * aeon.console.port}), or if its port was taken.
     */
    public Optional<URI> console() {
        return wiring.http().address();
    }

    /**
     * What a test can do to this broker.
     *
     * @throws IllegalStateException the broker was not started by {@link #builder()}
     */
    @Override
    public BrokerControl control() {
        if (world == null) {
            throw new IllegalStateException("only a broker that Aeon.builder() has started can be controlled");
        }
        return world;
    }

    /** Completes when the broker has stopped: normally after {@link #close()}, exceptionally after a fatal error. */
    public CompletionStage<Void> whenStopped() {
        return stopped.minimalCompletionStage();
    }

    /**
     * Stops the broker cleanly: requests in progress are answered and logs are closed. No thread, file or memory map of
     * this broker remains, except two idle threads per JVM of the metrics library in Kafka's controller. Idempotent.
     */
    @Override
    public void close() {
        boolean asked = ending.compareAndSet(false, true);
        if (world != null) {
            world.close();
        }
        parts.close();
        if (asked) {
            stopped.complete(null);
        }
    }

    /** Closes on a new thread, because the calling thread belongs to a part that has to be closed. */
    private void giveUp(Throwable cause) {
        if (ending.compareAndSet(false, true)) {
            LOG.error("The broker has a fatal error and stops", cause);
            new Thread(() -> closeAfter(cause), "aeon-give-up").start();
        }
    }

    private void closeAfter(Throwable cause) {
        parts.close();
        stopped.completeExceptionally(cause);
    }

    private InetSocketAddress clientAddress() {
        return OwnAddress.ofClients(wiring.addresses());
    }
}
