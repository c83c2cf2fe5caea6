package io.aeon.coordinator.transaction;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** An open transaction and its partitions, to which records may be appended. */
public record Ongoing(long producerId, short producerEpoch, Set<TopicPartition> partitions) {}
