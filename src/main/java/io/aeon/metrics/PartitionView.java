package io.aeon.metrics;

import io.aeon.broker.partition.PartitionCommand.Description;
import io.prometheus.metrics.model.snapshots.Labels;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A partition of this broker with metrics of its own, at one moment.
 *
 * @param labels topic and partition
 * @param log size and offsets; null if they are not known, because the log is being opened or is offline
 */
record PartitionView(
        TopicPartition partition,
        Labels labels,
        Standing standing,
        @Nullable Description log) {}
