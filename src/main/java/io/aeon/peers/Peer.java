package io.aeon.peers;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.BootstrapConfiguration;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.network.NetworkReceive;
import org.apache.kafka.common.network.PlaintextChannelBuilder;
import org.apache.kafka.common.network.Selectable;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to one other broker, one after the other, on a thread of its own. Connects when a request is to be
 * sent and there is no connection. Thread-safe.
 */
final class Peer implements AutoCloseable {
    private static final long RECONNECT_MS = 20;
    private static final long LONGEST_RECONNECT_MS = 500;
    private static final long CONNECT_TIMEOUT_MS = 10_000;
    private static final long LONGEST_CONNECT_TIMEOUT_MS = 30_000;
    private static final long IDLE_MS = 600_000;

    private final Supplier<Node> address;
    private final int timeoutMs;
    private final Time time = Time.SYSTEM;
    private final Metrics metrics = new Metrics();
    private final NetworkClient client;
    private final ExecutorService thread;
    private @Nullable Node connected;

    /**
     * @param name of the thread and the client
     * @param address where the broker is now; throws a Kafka exception if that is unknown
     * @param timeoutMs milliseconds after which a request counts as lost
     */
    Peer(String name, Supplier<Node> address, int timeoutMs) {
        this.address = address;
        this.timeoutMs = timeoutMs;
        this.client = client(name);
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread sender = new Thread(task, name);
            sender.setDaemon(true);
            return sender;
        });
    }

    private NetworkClient client(String name) {
        LogContext context = new LogContext("[" + name + "] ");
        PlaintextChannelBuilder channels = new PlaintextChannelBuilder(ListenerName.normalised(name));
        channels.configure(Map.of());
        Selector selector = new Selector(
                NetworkReceive.UNLIMITED, IDLE_MS, metrics, time, name, Map.of(), false, channels, context);
        return new NetworkClient(
                selector,
                new ManualMetadataUpdater(),
                name,
                1,
                RECONNECT_MS,
                LONGEST_RECONNECT_MS,
                Selectable.USE_DEFAULT_BUFFER_SIZE,
                Selectable.USE_DEFAULT_BUFFER_SIZE,
                timeoutMs,
                CONNECT_TIMEOUT_MS,
                LONGEST_CONNECT_TIMEOUT_MS,
                time,
                true,
                new ApiVersions(),
                context,
                MetadataRecoveryStrategy.NONE,
                BootstrapConfiguration.DISABLED,
                false);
    }

    /** Completes with the response; fails if the broker is not reached or does not answer in time. */
    CompletableFuture<AbstractResponse> send(AbstractRequest.Builder<?> request) {
        try {
            return CompletableFuture.supplyAsync(() -> exchange(request), thread);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new BrokerNotAvailableException("The connection is closed.", e));
        }
    }

    private AbstractResponse exchange(AbstractRequest.Builder<?> request) {
        Node node = where();
        try {
            if (!NetworkClientUtils.awaitReady(client, node, time, timeoutMs)) {
                throw new BrokerNotAvailableException("No connection to " + node + " within " + timeoutMs + " ms.");
            }
            ClientResponse response = NetworkClientUtils.sendAndReceive(
                    client, client.newClientRequest(node.idString(), request, time.milliseconds(), true), time);
            return response.responseBody();
        } catch (IOException e) {
            throw new BrokerNotAvailableException("The connection to " + node + " was lost.", e);
        }
    }

    /** Where the broker is; that is looked up only while there is no connection. */
    private Node where() {
        Node node = connected;
        if (node == null || !client.isReady(node, time.milliseconds())) {
            node = address.get();
            connected = node;
        }
        return node;
    }

    /** Ends the connection; the request under way fails. */
    @Override
    public void close() {
        client.initiateClose();
        client.wakeup();
        thread.execute(() -> {
            client.close();
            metrics.close();
        });
        thread.shutdown();
    }
}
