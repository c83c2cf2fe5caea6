package io.aeon.metadata.engine;

import io.aeon.config.AeonSettings;
import io.aeon.metadata.TopicConfigs;
import io.aeon.metadata.channel.PlainLogContext;
import io.aeon.metadata.configs.ConfigRules;
import io.aeon.metadata.directory.MetadataDirectory;
import io.aeon.metadata.image.FeatureLevels;
import io.aeon.metadata.image.Images;
import io.aeon.metadata.raft.EngineFaults;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.QuorumController;
import org.apache.kafka.controller.QuorumFeatures;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.raft.RaftClient;
import org.apache.kafka.server.common.ApiMessageAndVersion;
import org.apache.kafka.server.common.MetadataVersion;

/** What the controller of this node is made of. */
record ControllerSetup(
        AeonSettings settings,
        String threadPrefix,
        MetadataDirectory directory,
        Time time,
        TopicConfigs topicConfigs,
        Images images,
        EngineFaults faults) {
    /**
     * Longer than any pause of a process: broker and controller of a node alone share one process, so that the session
     * need not expire.
     */
    private static final long SESSION_NS = TimeUnit.DAYS.toNanos(3650);

    private long sessionNs() {
        return settings.quorum().isAlone()
                ? SESSION_NS
                : TimeUnit.MILLISECONDS.toNanos(settings.kafka().getInt("broker.session.timeout.ms"));
    }

    /** Empty if leaderships do not go back to the first replicas by themselves. */
    private OptionalLong imbalanceCheckNs() {
        return settings.kafka().getBoolean("auto.leader.rebalance.enable")
                ? OptionalLong.of(settings.kafka()
                        .getDuration("leader.imbalance.check.interval.seconds", TimeUnit.SECONDS)
                        .toNanos())
                : OptionalLong.empty();
    }

    /** Creates the controller on this raft client. */
    QuorumController make(RaftClient<ApiMessageAndVersion> raft) {
        QuorumController.Builder builder = new QuorumController.Builder(settings.nodeId(), directory.clusterId())
                .setThreadNamePrefix(threadPrefix + "controller-")
                .setLogContext(new PlainLogContext())
                .setTime(time)
                .setConfigSchema(topicConfigs.schema())
                .setStaticConfig(topicConfigs.given())
                .setConfigurationValidator(new ConfigRules(topicConfigs, images::latest))
                .setRaftClient(raft)
                .setQuorumFeatures(
                        new QuorumFeatures(settings.nodeId(), FeatureLevels.OF_CONTROLLER, List.of(settings.nodeId())))
                .setBootstrapMetadata(BootstrapMetadata.fromVersions(
                        MetadataVersion.latestProduction(),
                        FeatureLevels.ofNewDirectory(),
                        "a new Aeon data directory"))
                .setDefaultReplicationFactor((short)
                        settings.kafka().getInt("default.replication.factor").intValue())
                .setDefaultNumPartitions(settings.kafka().getInt("num.partitions"))
                .setSessionTimeoutNs(sessionNs())
                .setLeaderImbalanceCheckIntervalNs(imbalanceCheckNs())
                .setUncleanLeaderElectionCheckIntervalMs(settings.kafka()
                        .getDuration("unclean.leader.election.interval.ms")
                        .toMillis())
                .setFatalFaultHandler(faults.fatal())
                .setNonFatalFaultHandler(faults.survivable());
        try {
            return builder.build();
        } catch (Exception e) {
            throw new IllegalStateException("The controller could not be created", e);
        }
    }
}
