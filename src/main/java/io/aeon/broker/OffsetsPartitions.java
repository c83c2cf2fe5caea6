package io.aeon.broker;

import io.aeon.coordinator.group.GroupListing;
import io.aeon.coordinator.group.GroupLog;
import io.aeon.metadata.ClusterImage.Partition;
import io.aeon.metadata.ClusterImage.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The partitions of the offsets topic that this broker leads. Not thread-safe. */
final class OffsetsPartitions {
    private final GroupsSetup setup;
    private final Consumer<OffsetsPartition> loader;
    private final Map<Integer, OffsetsPartition> byIndex = new HashMap<>();
    private final Map<Integer, String> failures = new HashMap<>();
    private @Nullable Topic topic;

    /** @param loader told each partition that is new here */
    OffsetsPartitions(GroupsSetup setup, Consumer<OffsetsPartition> loader) {
        this.setup = setup;
        this.loader = loader;
    }

    /** Takes in the latest metadata; true if the offsets topic known before is no more. */
    boolean follow(@Nullable Topic latest) {
        boolean gone = topic != null && (latest == null || !latest.id().equals(topic.id()));
        if (gone) {
            close();
        }
        topic = latest;
        if (latest != null) {
            latest.partitions().forEach(this::get);
        }
        return gone;
    }

    /** The partition that keeps a group, null if another broker leads it. */
    @Nullable
    OffsetsPartition of(String groupId) {
        if (topic == null) {
            return null;
        }
        List<Partition> partitions = topic.partitions();
        return get(partitions.get(GroupLog.partitionFor(groupId, partitions.size())));
    }

    private @Nullable OffsetsPartition get(Partition partition) {
        OffsetsPartition known = byIndex.get(partition.index());
        boolean isMissing = known == null || known.isPastFailure();
        if (!isMissing || !partition.isLedBy(setup.metadata().nodeId())) {
            return known;
        }
        OffsetsPartition fresh = new OffsetsPartition(new OffsetsLog(setup, partition.index()));
        byIndex.put(partition.index(), fresh);
        loader.accept(fresh);
        return fresh;
    }

    Collection<OffsetsPartition> all() {
        return byIndex.values();
    }

    /** Whether nothing more will be known of groups for now. */
    boolean settled() {
        return byIndex.values().stream().noneMatch(OffsetsPartition::isLoading);
    }

    /** The groups that have no actor. */
    Stream<GroupListing> listings() {
        return byIndex.values().stream().flatMap(OffsetsPartition::listings);
    }

    boolean contains(OffsetsPartition partition) {
        return byIndex.containsValue(partition);
    }

    /** A partition cannot be loaded; its next use after a while tries again. Returns whether the reason is a new one. */
    boolean failed(OffsetsPartition partition, String reason) {
        partition.failed();
        return !reason.equals(failures.put(partition.log().partition(), reason));
    }

    void loaded(OffsetsPartition partition) {
        failures.remove(partition.log().partition());
    }

    /** Refuses all that waits and forgets everything. */
    void close() {
        byIndex.values().forEach(partition -> partition.close(Errors.NOT_COORDINATOR));
        byIndex.clear();
    }
}
