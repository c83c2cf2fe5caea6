package io.aeon.metadata.channel;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.BootstrapConfiguration;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.network.NetworkReceive;
import org.apache.kafka.common.network.PlaintextChannelBuilder;
import org.apache.kafka.common.network.Selectable;
import org.apache.kafka.common.network.Selector;
import org.apache.kafka.common.utils.Time;

/** Creates the network clients by which this node reaches the controllers of its cluster. */
public final class ControllerConnections {
    /** The name under which all nodes of a cluster know the listener of its controllers. */
    public static final ListenerName LISTENER = ListenerName.normalised("CONTROLLER");

    private static final int ONE_REQUEST_AT_A_TIME = 1;
    private static final long RECONNECT_MS = 20;
    private static final long LONGEST_RECONNECT_MS = 500;
    private static final long CONNECT_TIMEOUT_MS = 10_000;
    private static final long LONGEST_CONNECT_TIMEOUT_MS = 30_000;
    private static final long IDLE_MS = 600_000;

    private ControllerConnections() {}

    /**
     * A client that one thread uses at a time.
     *
     * @param name its client id; also names its metrics
     * @param requestTimeoutMs maximum time in milliseconds between a request and its response
     */
    public static NetworkClient client(String name, Metrics metrics, Time time, int requestTimeoutMs) {
        PlainLogContext context = new PlainLogContext();
        PlaintextChannelBuilder channels = new PlaintextChannelBuilder(LISTENER);
        channels.configure(Map.of());
        Selector selector = new Selector(
                NetworkReceive.UNLIMITED, IDLE_MS, metrics, time, name, Map.of(), false, channels, context);
        return new NetworkClient(
                selector,
                new ManualMetadataUpdater(List.of()),
                name,
                ONE_REQUEST_AT_A_TIME,
                RECONNECT_MS,
                LONGEST_RECONNECT_MS,
                Selectable.USE_DEFAULT_BUFFER_SIZE,
                Selectable.USE_DEFAULT_BUFFER_SIZE,
                requestTimeoutMs,
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
}
