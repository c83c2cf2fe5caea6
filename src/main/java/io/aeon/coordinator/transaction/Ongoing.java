package io.aeon.coordinator.transaction;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** A transaction that takes records, and the partitions it takes them in. */
public record Ongoing(long producerId, short producerEpoch, Set<TopicPartition> partitions) {}
