package io.aeon.broker.topic;

import io.aeon.broker.disk.Disk;
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
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.log.ClosedLogs;
import io.aeon.storage.log.HighWatermarkFile;
import io.aeon.storage.log.LogSummaries;
import java.time.Clock;
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
 * @param clock wall clock
 * @param disk the data directory that holds all partitions
 * @param limits maximum number of partitions that are open, and that are opened at once
 * @param compaction resources for log compaction
 * @param producers limit of what all partitions remember of producers
 */
public record TopicsSetup(
        Metadata metadata,
        TopicSettingsCache settings,
        FlushSettings flush,
        Clock clock,
        Disk disk,
        PartitionSettings limits,
        CompactionSetup compaction,
        ProducerLimit producers) {
    /** Kafka's default of replica.lag.time.max.ms. */
    private static final Duration MOST_LAG = Duration.ofSeconds(30);

    /** Creates the resources from the broker's settings. */
    public static TopicsSetup of(
            AeonSettings settings,
            Metadata metadata,
            Clock clock,
            Disk disk,
            CompactionSetup compaction,
            Executor blocking) {
        return new TopicsSetup(
                metadata,
                new TopicSettingsCache(metadata.nodeId(), metadata.topicConfigs()::of),
                settings.flush(),
                clock,
                disk,
                settings.partitions(),
                compaction,
                new ProducerLimit(settings.limits().producers(), blocking, System::nanoTime));
    }

    PartitionDirectory directory(TopicPartition partition, Uuid topicId) {
        return new PartitionDirectory(disk, partition, topicId);
    }

    PartitionSetup partition(TopicPartition partition, Uuid topicId) {
        return new PartitionSetup(directory(partition, topicId), flush, compaction, inSyncRules(), producers);
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
        LogFiles files = disk.environment().files();
        ClosedLogs.finishDeletions(disk.directory(), files);
        return FoundPartitions.of(
                PartitionDirectory.existing(disk),
                HighWatermarkFile.read(disk.directory(), files),
                LogSummaries.take(disk.directory(), files));
    }

    void writeHighWatermarks(Map<TopicPartition, Long> highWatermarks) {
        Map<String, Long> byDirectory = new HashMap<>();
        highWatermarks.forEach((partition, offset) -> byDirectory.put(partition.toString(), offset));
        HighWatermarkFile.write(disk.directory(), byDirectory, disk.environment().files());
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
        LogSummaries.write(disk.directory(), entries, disk.environment().files());
    }
}
