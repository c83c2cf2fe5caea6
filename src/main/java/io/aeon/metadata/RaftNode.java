package io.aeon.metadata;

import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.raft.KafkaRaftClient;
import org.apache.kafka.raft.KafkaRaftClientDriver;
import org.apache.kafka.raft.MetadataLogConfig;
import org.apache.kafka.raft.NetworkChannel;
import org.apache.kafka.raft.RaftLog;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.fault.FaultHandler;

/** The raft client of this node: a voter or an observer of the metadata quorum. */
final class RaftNode implements AutoCloseable {
    static final long SNAPSHOT_BYTES = MetadataLogConfig.METADATA_SNAPSHOT_MAX_NEW_RECORD_BYTES;
    static final long SNAPSHOT_INTERVAL_MS = MetadataLogConfig.METADATA_SNAPSHOT_MAX_INTERVAL_MS_DEFAULT;

    private final int nodeId;
    private final QuorumMembership membership;
    private final QuorumStateFile state;
    private final Metrics metrics = new Metrics();
    private final NetworkChannel channel;
    private final KafkaRaftClient<ApiMessageAndVersion> client;
    private final KafkaRaftClientDriver<ApiMessageAndVersion> driver;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean started;

    RaftNode(
            int nodeId,
            MetadataDirectory directory,
            RaftLog log,
            PatientWrites writes,
            MetadataEnvironment environment,
            QuorumMembership membership,
            FaultHandler fatal) {
        this.nodeId = nodeId;
        this.membership = membership;
        this.state = new QuorumStateFile(environment.files(), directory.log(), writes);
        this.channel = membership.channel().apply(metrics);
        LogContext context = new PlainLogContext();
        this.client = new KafkaRaftClient<>(
                OptionalInt.of(nodeId),
                directory.directoryId(),
                new MetadataRecordSerde(),
                channel,
                log,
                environment.time(),
                membership.expiration(),
                context,
                membership.mayVote(),
                directory.clusterId(),
                membership.bootstrap(),
                membership.endpoints(),
                Feature.KRAFT_VERSION.supportedVersionRange(),
                membership.config());
        this.driver = new KafkaRaftClientDriver<>(client, "aeon-" + nodeId + "-raft", fatal, context);
    }

    KafkaRaftClient<ApiMessageAndVersion> client() {
        return client;
    }

    /** Reads the log and takes part in the quorum; the client calls its registered listeners on its own thread. */
    void start() {
        client.initialize(membership.founders(), state, metrics, ignored -> {});
        driver.start();
        started = true;
    }

    /** The high watermark: the first offset that is not committed; empty before the election. */
    OptionalLong highWatermark() {
        return started ? client.highWatermark() : OptionalLong.empty();
    }

    /** @param isController whether this node is a controller */
    QuorumView view(boolean isController) {
        return new QuorumView(
                isController,
                isController && started && client.leaderAndEpoch().isLeader(nodeId),
                measured("raft-metrics"),
                measured("raft-channel-metrics"));
    }

    /** The values of a group of Kafka's metrics that concern no single connection. */
    private Map<String, Object> measured(String group) {
        Map<String, Object> values = new TreeMap<>();
        metrics.metrics().forEach((name, metric) -> {
            if (name.group().equals(group) && name.tags().isEmpty()) {
                values.put(name.name(), metric.metricValue());
            }
        });
        return values;
    }

    /** Leaves the leadership to another voter, if there is one, and stops. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (started && !driver.isThreadFailed()) {
                driver.shutdown();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Utils.closeQuietly(channel, "channel of the metadata quorum");
            metrics.close();
        }
    }
}
