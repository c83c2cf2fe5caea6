package io.aeon.broker.topic;

import io.aeon.broker.disk.Disk;
import io.aeon.broker.disk.Disks;
import io.aeon.broker.partition.FoundPartitions;
import io.aeon.broker.partition.PartitionEvent.Configure;
import io.aeon.broker.partition.Role;
import io.aeon.broker.partition.actor.PartitionSetup;
import io.aeon.broker.partition.actor.ProducerLimit;
import io.aeon.broker.partition.actor.ReplicationSetup;
import io.aeon.broker.partition.cleaning.CompactionSetup;
import io.aeon.broker.partition.directory.PartitionDirectory;
import io.aeon.config.AeonSettings;
import io.aeon.config.Current;
import io.aeon.config.FlushSettings;
import io.aeon.config.KafkaSettings;
import io.aeon.config.PartitionSettings;
import io.aeon.counters.BrokerCounters;
import io.aeon.metadata.ClusterImage;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.Metadata;
import io.aeon.replication.CopyRate;
import io.aeon.storage.log.LogSummaries;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources that all partitions share.
 *
 * @param clock wall clock
 * @param disks the data directories
 * @param limits maximum number of partitions that are open, and that are opened at once
 * @param compaction resources for log compaction
 * @param replication what a leader needs for its followers
 * @param producers limit of what all partitions remember of producers
 * @param counters of all partitions
 */
public record TopicsSetup(
        Metadata metadata,
        TopicSettingsCache settings,
        FlushSettings flush,
        Clock clock,
        Disks disks,
        PartitionSettings limits,
        CompactionSetup compaction,
        ReplicationSetup replication,
        ProducerLimit producers,
        BrokerCounters counters) {
    private static final Logger logger = LoggerFactory.getLogger(TopicsSetup.class);

    /** Creates the resources from the broker's settings. */
    public static TopicsSetup of(
            AeonSettings settings,
            Metadata metadata,
            Clock clock,
            Disks disks,
            CompactionSetup compaction,
            ReplicationSetup replication,
            BrokerCounters counters,
            Executor blocking) {
        return new TopicsSetup(
                metadata,
                new TopicSettingsCache(metadata.nodeId(), metadata.topicConfigs()::of),
                settings.flush(),
                clock,
                disks,
                settings.partitions(),
                compaction,
                replication,
                new ProducerLimit(settings.limits().producers(), blocking, System::nanoTime),
                counters);
    }

    /** @throws io.aeon.storage.file.StorageException the partition has no place, or is lost */
    PartitionDirectory directory(TopicPartition partition, Uuid topicId) {
        return new PartitionDirectory(disks.of(partition), partition, topicId);
    }

    PartitionSetup partition(PartitionDirectory directory) {
        return new PartitionSetup(
                directory,
                () -> recordDirectory(directory),
                () -> giveUp(directory),
                flush,
                compaction,
                replication,
                producers,
                counters);
    }

    /**
     * Records the data directory of a replica in the metadata, unless it is recorded there or the replica is given up.
     */
    CompletableFuture<Void> recordDirectory(PartitionDirectory directory) {
        Uuid id = directory.disk().id();
        int self = metadata.nodeId();
        return state(directory)
                        .filter(state -> state.isGivenUp(self)
                                || state.directory(self).filter(id::equals).isPresent())
                        .isPresent()
                ? CompletableFuture.completedFuture(null)
                : assign(directory, id);
    }

    /** Tells the controller that a replica lacks records, unless it knows that. */
    private CompletableFuture<Void> giveUp(PartitionDirectory directory) {
        return state(directory)
                        .filter(state -> state.isGivenUp(metadata.nodeId()))
                        .isPresent()
                ? CompletableFuture.completedFuture(null)
                : assign(directory, Partition.LOST);
    }

    private Optional<Partition> state(PartitionDirectory directory) {
        int index = directory.partition().partition();
        return metadata.image()
                .topic(directory.topicId())
                .filter(topic -> topic.has(index))
                .map(topic -> topic.partitions().get(index));
    }

    private CompletableFuture<Void> assign(PartitionDirectory directory, Uuid id) {
        TopicIdPartition partition = new TopicIdPartition(directory.topicId(), directory.partition());
        return metadata.controller().assignDirectories(Map.of(partition, id));
    }

    /** The rate at which partitions are copied between the data directories. */
    CopyRate copyRate() {
        KafkaSettings atStart = metadata.settings();
        Supplier<Long> limit = new Current<>(
                metadata::settings, settings -> settings.rate("replica.alter.log.dirs.io.max.bytes.per.second"));
        return new CopyRate(
                atStart.getInt("alter.log.dirs.replication.quota.window.num"),
                atStart.getInt("alter.log.dirs.replication.quota.window.size.seconds"),
                limit::get,
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    /** The settings of a partition and this broker's role; empty if this broker has no replica. */
    Optional<Configure> configuration(ClusterImage image, String topic, Partition state) {
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
                        others(state.eligible().replicas(), self),
                        effective.minInsyncReplicas())
                : new Role.Follow(state.leader(), state.leaderEpoch());
        return Optional.of(new Configure(effective.log(), role));
    }

    private static Set<Integer> others(List<Integer> replicas, int self) {
        return replicas.stream().filter(each -> each != self).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Searches the data directories, each on its own threads. One whose search fails is named in the log and left out.
     */
    CompletableFuture<Map<Disk, FoundPartitions>> search() {
        ClusterImage image = metadata.image();
        Map<Disk, FoundPartitions> found = new ConcurrentHashMap<>();
        return CompletableFuture.allOf(disks.usable().stream()
                        .map(disk -> CompletableFuture.supplyAsync(
                                        new DiskSearch(disk, image, metadata.nodeId())::run, disk.blocking())
                                .handle((partitions, failure) -> {
                                    if (failure == null) {
                                        found.put(disk, partitions);
                                    } else {
                                        logger.error(
                                                "The partitions in {} could not be listed; each log is opened at its"
                                                        + " first use",
                                                disk,
                                                failure);
                                    }
                                    return null;
                                }))
                        .toArray(CompletableFuture[]::new))
                .thenApply(all -> found);
    }

    /**
     * Writes the summaries of the closed logs, so that the next start need not open them. Completes when each data
     * directory has its own, or has refused it. Never fails.
     */
    CompletableFuture<Void> leaveSummaries(Map<TopicPartition, RestingPartition> partitions) {
        Map<Disk, List<LogSummaries.Entry>> entries = new HashMap<>();
        disks.usable().forEach(disk -> entries.put(disk, new ArrayList<>()));
        partitions.forEach((partition, resting) -> {
            if (!resting.neverWritten()) {
                disks.holding(partition)
                        .ifPresent(disk -> entries.computeIfAbsent(disk, absent -> new ArrayList<>())
                                .add(new LogSummaries.Entry(
                                        partition.toString(),
                                        resting.topicId().toString(),
                                        resting.configured().config().fingerprint(),
                                        resting.log())));
            }
        });
        return CompletableFuture.allOf(entries.entrySet().stream()
                .map(each -> CompletableFuture.runAsync(
                                () -> writeSummaries(each.getKey(), each.getValue()),
                                each.getKey().blocking())
                        .exceptionally(failure -> {
                            logger.warn(
                                    "The summaries of the logs in {} could not be written; the next start opens every"
                                            + " log there",
                                    each.getKey(),
                                    failure);
                            return null;
                        }))
                .toArray(CompletableFuture[]::new));
    }

    private static void writeSummaries(Disk disk, List<LogSummaries.Entry> entries) {
        LogSummaries.write(disk.directory(), entries, disk.environment().files());
    }
}
