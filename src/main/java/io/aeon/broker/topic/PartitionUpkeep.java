package io.aeon.broker.topic;

import io.aeon.broker.partition.PartitionEvent;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The recurring work on all partitions, for {@link Topics}. Not thread-safe. */
final class PartitionUpkeep {
    private final TopicsSetup setup;
    private final PartitionRegistry registry;
    private final PartitionTable table;

    PartitionUpkeep(TopicsSetup setup, PartitionRegistry registry, PartitionTable table) {
        this.setup = setup;
        this.registry = registry;
        this.table = table;
    }

    /** Expires producers of running partitions; others do so when they run again. */
    void expireProducers(long timestamp) {
        PartitionEvent.ExpireProducers due = new PartitionEvent.ExpireProducers(timestamp);
        table.running().values().forEach(child -> child.actor().tell(due));
    }

    /** Looks at the followers of running partitions; those of resting ones have all records. */
    void checkInSync() {
        table.running().values().stream()
                .filter(RunningPartition::hasFollowers)
                .forEach(child -> child.actor().tell(PartitionEvent.CheckInSync.NOW));
    }

    void checkpointHighWatermarks() {
        table.updateHighWatermarks();
        table.highWatermarks().writeIfChanged();
    }

    /** Applies retention to running partitions, and to resting ones whose maintenance is due. */
    void housekeep() {
        table.running().values().forEach(child -> child.actor().tell(PartitionEvent.Housekeep.NOW));
        long now = setup.clock().millis();
        List<TopicPartition> due = table.resting().entrySet().stream()
                .filter(each -> each.getValue().log().maintenanceDueMs() <= now)
                .map(Map.Entry::getKey)
                .toList();
        due.forEach(partition -> {
            table.maintain(partition);
            registry.wake(partition);
        });
    }
}
