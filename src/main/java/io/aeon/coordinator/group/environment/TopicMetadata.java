package io.aeon.coordinator.group.environment;

import org.apache.kafka.common.Uuid;

/**
 * A topic to which members can be subscribed.
 *
 * @param partitions number of partitions
 */
public record TopicMetadata(String name, Uuid id, int partitions) {}
