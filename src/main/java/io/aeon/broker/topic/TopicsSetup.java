package io.aeon.broker.topic;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.DiskStall;
import io.aeon.broker.disk.WatchedFiles;
import io.aeon.broker.partition.CompactionSetup;
import io.aeon.broker.partition.FoundPartitions;
import io.aeon.broker.partition.PartitionDirectory;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.PartitionSetup;
import io.aeon.broker.partition.ProducerLimit;
import io.aeon.broker.partition.Role;
import io.aeon.config.AeonSettings;
import io.aeon.config.FlushSettings;
import io.aeon.config.PartitionSettings;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.Metadata;
import io.aeon.replication.InSyncRules;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.log.ClosedLogs;
import io.aeon.storage.log.HighWatermarkFile;
import io.aeon.storage.log.LogSummaries;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The resources that all partitions share.
 *
 * @param disk the disk that all partitions write to
 * @param limits maximum number of partitions that are open, and that are opened at once
 * @param compaction resources for log compaction
 * @param producers limit of what all partitions remember of producers
 * @param blocking threads that may block on the disk
 */
public record TopicsSetup(
        Path dataDir,
        Metadata metadata,
        TopicSettingsCache settings,
        FlushSettings flush,
        LogEnvironment environment,
        Disk disk,
        PartitionSettings limits,
        CompactionSetup compaction,
        ProducerLimit producers,
        Executor blocking) {
    /** Kafka's default of replica.lag.time.max.ms. */
    private static final Duration MOST_LAG = Duration.ofSeconds(30);

    /** Creates the resources from the broker's settings; the files are watched for stalls. */
    public static TopicsSetup of(
            AeonSettings settings,
            Metadata metadata,
            LogEnvironment environment,
            Disk disk,
            CompactionSetup compaction,
            Executor blocking) {
        return new TopicsSetup(
                settings.dataDir(),
                metadata,
                new TopicSettingsCache(metadata.nodeId(), metadata.topicConfigs()::of),
                settings.flush(),
                watched(environment, disk.stall()),
                disk,
                settings.partitions(),
                compaction,
                new ProducerLimit(settings.limits().producers(), blocking, System::nanoTime),
                blocking);
    }

    private static LogEnvironment watched(LogEnvironment environment, DiskStall stall) {
        return new LogEnvironment(
                environment.clock(), environment.maps(), new WatchedFiles(environment.files(), stall));
    }

    PartitionDirectory directory(TopicPartition partition, Uuid topicId) {
        return new PartitionDirectory(dataDir, partition, topicId, environment);
    }

    PartitionSetup partition(TopicPartition partition, Uuid topicId) {
        return new PartitionSetup(
                directory(partition, topicId), flush, disk, compaction, inSyncRules(), producers, blocking);
    }

    private InSyncRules inSyncRules() {
        return new InSyncRules(TopicsSetup::milliseconds, MOST_LAG.toMillis(), this::epochInService);
    }

    private static long milliseconds() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private OptionalLong epochInService(int broker) {
        Optional<ClusterImage.Broker> found = metadata.image().broker(broker);
        return found.isPresent() && !found.get().fenced() && !found.get().inControlledShutdown()
                ? OptionalLong.of(found.get().epoch())
                : OptionalLong.empty();
    }

    /** Free bytes on the disk; may block on it. */
    long usableSpace() {
        return environment.files().usableSpace(dataDir);
    }

    /** The settings of a partition and this broker's role; empty if this broker has no replica. */
    Optional<Configure> configuration(ClusterImage image, String topic, ClusterImage.Partition state) {
        int self = metadata.nodeId();
        if (!state.replicas().contains(self)) {
            return Optional.empty();
        }
        TopicSettings effective = settings.of(image, topic);
        Role role = state.isLedBy(self)
                ? new Role.Lead(
                        state.leaderEpoch(),
                        state.partitionEpoch(),
                        others(state.replicas(), self),
                        others(state.isr(), self),
                        effective.minInsyncReplicas())
                : new Role.Follow(state.leader(), state.leaderEpoch());
        return Optional.of(new Configure(effective.log(), role));
    }

    private static Set<Integer> others(List<Integer> replicas, int self) {
        return replicas.stream().filter(each -> each != self).collect(Collectors.toUnmodifiableSet());
    }

    /** Lists the data directory, and finishes deletions that a crash interrupted. */
    FoundPartitions partitionsWithFiles() {
        ClosedLogs.finishDeletions(dataDir, environment.files());
        return FoundPartitions.of(
                PartitionDirectory.existing(dataDir, environment),
                HighWatermarkFile.read(dataDir, environment.files()),
                LogSummaries.take(dataDir, environment.files()));
    }

    void writeHighWatermarks(Map<TopicPartition, Long> highWatermarks) {
        Map<String, Long> byDirectory = new HashMap<>();
        highWatermarks.forEach((partition, offset) -> byDirectory.put(partition.toString(), offset));
        HighWatermarkFile.write(dataDir, byDirectory, environment.files());
    }

    /** Writes the summaries of the closed logs, so that the next start need not open them. */
    void leaveSummaries(Map<TopicPartition, RestingPartition> partitions) {
        List<LogSummaries.Entry> entries = partitions.entrySet().stream()
                .filter(each -> !each.getValue().neverWritten())
                .map(each -> new LogSummaries.Entry(
                        each.getKey().toString(),
                        each.getValue().topicId().toString(),
                        each.getValue().configured().config().fingerprint(),
                        each.getValue().log()))
                .toList();
        LogSummaries.write(dataDir, entries, environment.files());
    }
}
