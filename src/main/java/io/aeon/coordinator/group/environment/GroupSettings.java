package io.aeon.coordinator.group.environment;

import io.aeon.coordinator.HeapShare;

/**
 * The limits of a group, from the Kafka settings of the same names.
 *
 * @param initialRebalanceDelayMs group.initial.rebalance.delay.ms
 * @param minSessionTimeoutMs group.min.session.timeout.ms
 * @param maxSessionTimeoutMs group.max.session.timeout.ms
 * @param maxSize group.max.size, number of members
 * @param maxMetadataSize offset.metadata.max.bytes, counted in characters as Kafka does
 * @param offsetsRetentionMs offsets.retention.minutes, in milliseconds
 * @param heap what all groups together may take
 * @param pace how often members of the consumer protocol send heartbeats
 */
public record GroupSettings(
        int initialRebalanceDelayMs,
        int minSessionTimeoutMs,
        int maxSessionTimeoutMs,
        int maxSize,
        int maxMetadataSize,
        long offsetsRetentionMs,
        HeapShare heap,
        HeartbeatPace pace) {
    /** Settings without a limit for all groups together, and with the configured pace of heartbeats. */
    public GroupSettings(
            int initialRebalanceDelayMs,
            int minSessionTimeoutMs,
            int maxSessionTimeoutMs,
            int maxSize,
            int maxMetadataSize,
            long offsetsRetentionMs) {
        this(
                initialRebalanceDelayMs,
                minSessionTimeoutMs,
                maxSessionTimeoutMs,
                maxSize,
                maxMetadataSize,
                offsetsRetentionMs,
                HeapShare.unlimited());
    }

    /** Settings with the configured pace of heartbeats. */
    public GroupSettings(
            int initialRebalanceDelayMs,
            int minSessionTimeoutMs,
            int maxSessionTimeoutMs,
            int maxSize,
            int maxMetadataSize,
            long offsetsRetentionMs,
            HeapShare heap) {
        this(
                initialRebalanceDelayMs,
                minSessionTimeoutMs,
                maxSessionTimeoutMs,
                maxSize,
                maxMetadataSize,
                offsetsRetentionMs,
                heap,
                HeartbeatPace.configured());
    }

    /** Whether a member of the classic protocol may have this session timeout. */
    public boolean allowsSession(int sessionTimeoutMs) {
        return sessionTimeoutMs >= minSessionTimeoutMs && sessionTimeoutMs <= maxSessionTimeoutMs;
    }
}
