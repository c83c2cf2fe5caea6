package io.aeon.broker.topic;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Closes all partitions when the broker stops, for {@link Topics}. Not thread-safe. */
final class PartitionsAtStop {
    private final PartitionRegistry registry;
    private final PartitionTable table;

    PartitionsAtStop(PartitionRegistry registry, PartitionTable table) {
        this.registry = registry;
        this.table = table;
    }

    /** Fails all waiting commands and closes every log. */
    void close(Throwable reason) {
        registry.closeAll(reason);
        table.running().values().stream().filter(child -> !child.isEnding()).forEach(RunningPartition::close);
    }

    /** {@code partition} has stopped; returns whether it was the last one that ran. */
    boolean wasLast(TopicPartition partition) {
        RunningPartition child = table.stopped(partition);
        if (child != null) {
            child.retired().ifPresent(left -> left.fail(LocalPartitions.noReplica(partition)));
            child.summary()
                    .ifPresent(log ->
                            table.rests(partition, new RestingPartition(child.topicId(), child.configured(), log)));
        }
        return areClosed();
    }

    boolean areClosed() {
        return table.running().isEmpty();
    }

    /** The summaries of all closed logs for the next start; empty if this start has not yet found all partitions. */
    Optional<Map<TopicPartition, RestingPartition>> summaries() {
        return table.starts().areReleased() ? Optional.of(Map.copyOf(table.resting())) : Optional.empty();
    }
}
