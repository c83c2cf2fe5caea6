package io.aeon.broker.group;

import io.aeon.broker.coordinator.CoordinatorKind;
import io.aeon.broker.coordinator.SnapshotFiles;
import io.aeon.broker.partition.Partitions;
import io.aeon.broker.partition.TransactionalPartitions;
import io.aeon.config.Current;
import io.aeon.config.KafkaSettings;
import io.aeon.config.LimitSettings;
import io.aeon.coordinator.Now;
import io.aeon.coordinator.RecordBatches;
import io.aeon.coordinator.group.Group;
import io.aeon.coordinator.group.environment.ConsumerGroupSettings;
import io.aeon.coordinator.group.environment.GroupSettings;
import io.aeon.coordinator.group.environment.HeartbeatPace;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.metadata.Metadata;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The resources of the group coordinators.
 *
 * @param appends delivers offsets that are committed in transactions
 * @param consumers the limits that count now for groups of the consumer protocol without settings of their own
 * @param maxBatchBytes maximum size of a batch in the offsets topic; it may change
 * @param expiryCheck time between two checks for expired offsets
 * @param snapshots the files with the snapshots of groups
 * @param blocking threads that may block on the disk
 */
public record GroupsSetup(
        Partitions partitions,
        TransactionalPartitions appends,
        Metadata metadata,
        RecordBatches batches,
        GroupSettings settings,
        Supplier<ConsumerGroupSettings> consumers,
        IntSupplier maxBatchBytes,
        Duration expiryCheck,
        SnapshotFiles snapshots,
        Executor blocking,
        Supplier<Now> clock,
        Supplier<UUID> memberIds) {

    /** A new group without records. */
    Group absent(String groupId) {
        return new Group(
                groupId,
                settings,
                () -> consumers.get().with(metadata.image().groupOverrides(groupId)),
                memberIds,
                this::topics);
    }

    /** The present topics. */
    TopicsImage topics() {
        return new ClusterTopics(metadata.image());
    }

    /** Creates the resources from the broker's settings. */
    public static GroupsSetup of(
            KafkaSettings kafka,
            LimitSettings limits,
            Partitions partitions,
            TransactionalPartitions appends,
            Metadata metadata,
            RecordBatches batches,
            SnapshotFiles snapshots,
            Executor blocking,
            Supplier<Now> clock) {
        GroupSettings settings = new GroupSettings(
                kafka.getInt("group.initial.rebalance.delay.ms"),
                kafka.getInt("group.min.session.timeout.ms"),
                kafka.getInt("group.max.session.timeout.ms"),
                kafka.getInt("group.max.size"),
                kafka.getInt("offset.metadata.max.bytes"),
                TimeUnit.MINUTES.toMillis(kafka.getInt("offsets.retention.minutes")),
                CoordinatorKind.heapShare("groups", "aeon.limits.groups", limits.groups()),
                HeartbeatPace.byNumberOfMembers());
        return new GroupsSetup(
                partitions,
                appends,
                metadata,
                batches,
                settings,
                new Current<>(metadata::settings, ConsumerGroupLimits::of),
                () -> metadata.settings().getInt("message.max.bytes"),
                kafka.getDuration("offsets.retention.check.interval.ms"),
                snapshots,
                blocking,
                clock,
                UUID::randomUUID);
    }
}
