package io.aeon.metadata.raft;

import io.aeon.metadata.QuorumNode;
import io.aeon.metadata.QuorumView;
import io.aeon.metadata.channel.ControllerConnections;
import io.aeon.metadata.channel.PlainLogContext;
import io.aeon.metadata.directory.MetadataDirectory;
import io.aeon.metadata.directory.MetadataEnvironment;
import io.aeon.metadata.directory.PatientWrites;
import io.aeon.metadata.log.BatchBuffers;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.EndQuorumEpochRequestData;
import org.apache.kafka.common.message.EndQuorumEpochRequestData.PartitionData;
import org.apache.kafka.common.message.EndQuorumEpochRequestData.ReplicaInfo;
import org.apache.kafka.common.message.EndQuorumEpochRequestData.TopicData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.common.utils.internals.LogContext;
import org.apache.kafka.metadata.MetadataRecordSerde;
import org.apache.kafka.raft.KafkaRaftClient;
import org.apache.kafka.raft.KafkaRaftClientDriver;
import org.apache.kafka.raft.LeaderAndEpoch;
import org.apache.kafka.raft.MetadataLogConfig;
import org.apache.kafka.raft.NetworkChannel;
import org.apache.kafka.raft.RaftClients;
import org.apache.kafka.raft.RaftLog;
import org.apache.kafka.raft.RaftRequest;
import org.apache.kafka.raft.RaftResponse;
import org.apache.kafka.raft.internals.BlockingMessageQueue;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.fault.FaultHandler;
import org.jspecify.annotations.Nullable;

/** The raft client of this node: a voter or an observer of the metadata quorum. */
public final class RaftNode implements AutoCloseable {
    public static final long SNAPSHOT_BYTES = MetadataLogConfig.METADATA_SNAPSHOT_MAX_NEW_RECORD_BYTES;
    public static final long SNAPSHOT_INTERVAL_MS = MetadataLogConfig.METADATA_SNAPSHOT_MAX_INTERVAL_MS_DEFAULT;

    /** Milliseconds for which a leader waits until another voter is elected. */
    private static final int RESIGN_MS = 2000;

    private final int nodeId;
    private final MetadataDirectory directory;
    private final MetadataEnvironment environment;
    private final QuorumMembership membership;
    private final IntUnaryOperator turn;
    private final QuorumStateFile state;
    private final Metrics metrics = new Metrics();
    private final NetworkChannel channel;
    private final KafkaRaftClient<ApiMessageAndVersion> client;
    private final KafkaRaftClientDriver<ApiMessageAndVersion> driver;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final @Nullable LeaderWatch watch;
    private volatile boolean started;

    /** @param turn see {@link LeaderWatch.Quorum#turn} */
    public RaftNode(
            int nodeId,
            MetadataDirectory directory,
            RaftLog log,
            PatientWrites writes,
            MetadataEnvironment environment,
            QuorumMembership membership,
            IntUnaryOperator turn,
            ScheduledExecutorService scheduler,
            FaultHandler fatal) {
        this.nodeId = nodeId;
        this.directory = directory;
        this.environment = environment;
        this.membership = membership;
        this.turn = turn;
        this.state = new QuorumStateFile(environment.files(), directory.log(), writes);
        NetworkChannel plain = membership.channel().apply(metrics);
        this.watch =
                membership.watchesLeader() ? new LeaderWatch(nodeId, new Seen(), scheduler, environment.time()) : null;
        this.channel = watch == null ? plain : new WatchedChannel(plain, watch);
        LogContext context = new PlainLogContext();
        this.client = RaftClients.create(
                OptionalInt.of(nodeId),
                directory.directoryId(),
                new MetadataRecordSerde(),
                channel,
                membership.mayVote() ? new BlockingMessageQueue() : new ObserverMessages(),
                log,
                new BatchBuffers(),
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

    public KafkaRaftClient<ApiMessageAndVersion> client() {
        return client;
    }

    /** Reads the log and takes part in the quorum; the client calls its registered listeners on its own thread. */
    public void start() {
        client.initialize(membership.founders(), state, metrics, ignored -> {});
        driver.start();
        started = true;
    }

    /** Answers a request of the quorum's own protocol; see {@link QuorumNode#raft}. */
    public CompletableFuture<ApiMessage> answer(ApiMessage request, short version, int correlationId) {
        return client.handle(new RaftRequest.Inbound(
                        ControllerConnections.LISTENER,
                        correlationId,
                        version,
                        request,
                        environment.time().milliseconds()))
                .thenApply(RaftResponse.Outbound::data)
                .toCompletableFuture();
    }

    /** The high watermark: the first offset that is not committed; empty before the election. */
    public OptionalLong highWatermark() {
        return started ? client.highWatermark() : OptionalLong.empty();
    }

    /** @param isController whether this node is a controller */
    public QuorumView view(boolean isController) {
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

    /**
     * Leaves the leadership to another voter, if one takes it over in time, and stops. A quorum without a leader is not
     * waited for. Idempotent.
     */
    @Override
    public void close() {
        stop(started && client.leaderAndEpoch().leaderId().isPresent() ? RESIGN_MS : 0);
    }

    /** Stops without a message to any other node. Idempotent. */
    public void kill() {
        stop(0);
    }

    private void stop(int patienceMs) {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (started && !driver.isThreadFailed()) {
                var unused = client.shutdown(patienceMs);
                driver.join();
                client.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Utils.closeQuietly(watch, "watch of the quorum's leader");
            Utils.closeQuietly(channel, "channel of the metadata quorum");
            metrics.close();
        }
    }

    /** The quorum as this node's raft client sees it. */
    private final class Seen implements LeaderWatch.Quorum {
        @Override
        public LeaderAndEpoch leader() {
            return client.leaderAndEpoch();
        }

        @Override
        public Optional<InetSocketAddress> address(int leader) {
            return client.voterNode(leader, ControllerConnections.LISTENER)
                    .map(node -> new InetSocketAddress(node.host(), node.port()));
        }

        @Override
        public int turn(int leader) {
            return turn.applyAsInt(leader);
        }

        @Override
        public void end(LeaderAndEpoch epoch) {
            PartitionData partition = new PartitionData()
                    .setPartitionIndex(0)
                    .setLeaderId(epoch.leaderId().orElseThrow())
                    .setLeaderEpoch(epoch.epoch())
                    .setPreferredCandidates(List.of(
                            new ReplicaInfo().setCandidateId(nodeId).setCandidateDirectoryId(directory.directoryId())));
            EndQuorumEpochRequestData request = new EndQuorumEpochRequestData()
                    .setClusterId(directory.clusterId())
                    .setTopics(List.of(new TopicData()
                            .setTopicName(Topic.CLUSTER_METADATA_TOPIC_NAME)
                            .setPartitions(List.of(partition))));
            var unused = answer(request, ApiKeys.END_QUORUM_EPOCH.latestVersion(), 0);
        }
    }
}
