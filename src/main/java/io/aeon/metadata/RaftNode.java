package io.aeon.metadata;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.raft.Endpoints;
import org.apache.kafka.raft.ExpirationService;
import org.apache.kafka.raft.KafkaRaftClient;
import org.apache.kafka.raft.KafkaRaftClientDriver;
import org.apache.kafka.raft.MetadataLogConfig;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.raft.RaftLog;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.fault.FaultHandler;

/** The raft client of a quorum whose only voter is this node. */
final class RaftNode implements AutoCloseable {
    static final long SNAPSHOT_BYTES = MetadataLogConfig.METADATA_SNAPSHOT_MAX_NEW_RECORD_BYTES;
    static final long SNAPSHOT_INTERVAL_MS = MetadataLogConfig.METADATA_SNAPSHOT_MAX_INTERVAL_MS_DEFAULT;

    private final int nodeId;
    private final QuorumStateFile state;
    private final Metrics metrics = new Metrics();
    private final KafkaRaftClient<ApiMessageAndVersion> client;
    private final KafkaRaftClientDriver<ApiMessageAndVersion> driver;
    private volatile boolean started;

    RaftNode(
            int nodeId,
            MetadataDirectory directory,
            RaftLog log,
            PatientWrites writes,
            MetadataEnvironment environment,
            FaultHandler fatal) {
        this.nodeId = nodeId;
        this.state = new QuorumStateFile(environment.files(), directory.log(), writes);
        LogContext context = new PlainLogContext();
        this.client = new KafkaRaftClient<>(
                OptionalInt.of(nodeId),
                directory.directoryId(),
                new MetadataRecordSerde(),
                new LoneVoterChannel(),
                log,
                environment.time(),
                expiration(),
                context,
                true,
                directory.clusterId(),
                List.of(),
                Endpoints.fromInetSocketAddresses(Map.of(LoneVoterChannel.LISTENER, address())),
                Feature.KRAFT_VERSION.supportedVersionRange(),
                config());
        this.driver = new KafkaRaftClientDriver<>(client, "aeon-" + nodeId + "-raft", fatal, context);
    }

    KafkaRaftClient<ApiMessageAndVersion> client() {
        return client;
    }

    /** Reads the log and becomes the leader; the client calls its registered listeners on its own thread. */
    void start() {
        client.initialize(Map.of(nodeId, address()), state, metrics, ignored -> {});
        driver.start();
        started = true;
    }

    /** The high watermark: the first offset that is not committed; empty before the election. */
    OptionalLong highWatermark() {
        return started ? client.highWatermark() : OptionalLong.empty();
    }

    @Override
    public void close() {
        try {
            if (!driver.isThreadFailed()) {
                driver.shutdown();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            metrics.close();
        }
    }

    private static InetSocketAddress address() {
        return InetSocketAddress.createUnresolved("localhost", 0);
    }

    /** No linger: while one write is synced, the next writes accumulate anyway. */
    private static QuorumConfig config() {
        return new QuorumConfig(
                new AbstractConfig(QuorumConfig.CONFIG_DEF, Map.of(QuorumConfig.QUORUM_LINGER_MS_CONFIG, 0), false));
    }

    /** Nothing expires, because only requests of followers can, and a single voter has no followers. */
    private static ExpirationService expiration() {
        return new ExpirationService() {
            @Override
            public <T> CompletableFuture<T> failAfter(long timeoutMs) {
                return new CompletableFuture<>();
            }
        };
    }
}
