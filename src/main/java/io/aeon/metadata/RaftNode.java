package io.aeon.metadata;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.raft.Endpoints;
import org.apache.kafka.raft.ExpirationService;
import org.apache.kafka.raft.FileQuorumStateStore;
import org.apache.kafka.raft.KafkaRaftClient;
import org.apache.kafka.raft.KafkaRaftClientDriver;
import org.apache.kafka.raft.MetadataLogConfig;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.raft.RaftLog;
import org.apache.kafka.raft.internals.KafkaRaftLog;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.util.KafkaScheduler;

/** The metadata log and the raft client that owns it: a quorum whose only voter is this node. */
final class RaftNode implements AutoCloseable {
    static final long SNAPSHOT_BYTES = MetadataLogConfig.METADATA_SNAPSHOT_MAX_NEW_RECORD_BYTES;
    static final long SNAPSHOT_INTERVAL_MS = MetadataLogConfig.METADATA_SNAPSHOT_MAX_INTERVAL_MS_DEFAULT;

    private final int nodeId;
    private final MetadataDirectory directory;
    private final RaftLog log;
    private final Metrics metrics = new Metrics();
    private final KafkaRaftClient<ApiMessageAndVersion> client;
    private final KafkaRaftClientDriver<ApiMessageAndVersion> driver;
    private volatile boolean started;

    RaftNode(int nodeId, MetadataDirectory directory, KafkaScheduler scheduler, FaultHandler fatal) {
        this.nodeId = nodeId;
        this.directory = directory;
        AbstractConfig config = config();
        this.log = new DurableRaftLog(openLog(nodeId, directory, scheduler, config));
        LogContext context = new LogContext("[RaftNode id=" + nodeId + "] ");
        this.client = new KafkaRaftClient<>(
                OptionalInt.of(nodeId),
                directory.directoryId(),
                new MetadataRecordSerde(),
                new LoneVoterChannel(),
                log,
                Time.SYSTEM,
                expiration(),
                context,
                true,
                directory.clusterId(),
                List.of(),
                Endpoints.fromInetSocketAddresses(Map.of(LoneVoterChannel.LISTENER, address())),
                Feature.KRAFT_VERSION.supportedVersionRange(),
                new QuorumConfig(config));
        this.driver = new KafkaRaftClientDriver<>(client, "aeon-" + nodeId + "-raft", fatal, context);
    }

    KafkaRaftClient<ApiMessageAndVersion> client() {
        return client;
    }

    /** Reads the log and takes the lead; listeners registered with the client hear of it from its own thread. */
    void start() {
        client.initialize(
                Map.of(nodeId, address()),
                new FileQuorumStateStore(directory
                        .log()
                        .resolve(FileQuorumStateStore.DEFAULT_FILE_NAME)
                        .toFile()),
                metrics,
                ignored -> {});
        driver.start();
        started = true;
    }

    /** First offset not yet committed; empty before the election. */
    OptionalLong highWatermark() {
        return started ? client.highWatermark() : OptionalLong.empty();
    }

    @Override
    public void close() {
        try {
            driver.shutdown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            log.close();
            metrics.close();
        }
    }

    private static InetSocketAddress address() {
        return InetSocketAddress.createUnresolved("localhost", 0);
    }

    /** No linger: while one write is being forced the next ones gather anyway. */
    private static AbstractConfig config() {
        ConfigDef definition = new ConfigDef(QuorumConfig.CONFIG_DEF);
        Collection<ConfigDef.ConfigKey> logKeys =
                MetadataLogConfig.CONFIG_DEF.configKeys().values();
        logKeys.forEach(definition::define);
        return new AbstractConfig(definition, Map.of(QuorumConfig.QUORUM_LINGER_MS_CONFIG, 0), false);
    }

    private static RaftLog openLog(
            int nodeId, MetadataDirectory directory, KafkaScheduler scheduler, AbstractConfig config) {
        try {
            return KafkaRaftLog.createLog(
                    Topic.CLUSTER_METADATA_TOPIC_PARTITION,
                    Uuid.METADATA_TOPIC_ID,
                    directory.log().toFile(),
                    Time.SYSTEM,
                    scheduler,
                    new MetadataLogConfig(config),
                    nodeId);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Only what followers ask for can expire, and there are none. */
    private static ExpirationService expiration() {
        return new ExpirationService() {
            @Override
            public <T> CompletableFuture<T> failAfter(long timeoutMs) {
                return new CompletableFuture<>();
            }
        };
    }
}
