package io.aeon.broker.replica;

import org.apache.kafka.common.Uuid;

/** Identifies a partition in requests between brokers. */
public record PartitionId(Uuid topicId, int partition) {}
