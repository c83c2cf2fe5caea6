package io.aeon.coordinator.group;

/**
 * The limits of a group, from the Kafka settings of the same names.
 *
 * @param initialRebalanceDelayMs group.initial.rebalance.delay.ms
 * @param minSessionTimeoutMs group.min.session.timeout.ms
 * @param maxSessionTimeoutMs group.max.session.timeout.ms
 * @param maxSize group.max.size, number of members
 * @param maxMetadataSize offset.metadata.max.bytes, counted in characters as Kafka does
 * @param offsetsRetentionMs offsets.retention.minutes, in milliseconds
 */
public record GroupSettings(
        int initialRebalanceDelayMs,
        int minSessionTimeoutMs,
        int maxSessionTimeoutMs,
        int maxSize,
        int maxMetadataSize,
        long offsetsRetentionMs) {}
