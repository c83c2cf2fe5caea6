package io.aeon.coordinator.group.record;

import org.apache.kafka.common.Uuid;

/**
 * An offset that a group has committed for a partition.
 *
 * @param leaderEpoch leader epoch of the previous record, -1 if the client did not send it
 * @param metadata text that the client has committed with the offset, empty if there is none
 * @param commitTimestamp time of the commit, milliseconds since the epoch
 * @param expireTimestamp expiry time that the client has set (OffsetCommit before v5), -1 if the broker's retention
 *     applies
 * @param topicId id of the topic, zero in records of brokers without topic ids
 */
public record CommittedOffset(
        long offset, int leaderEpoch, String metadata, long commitTimestamp, long expireTimestamp, Uuid topicId) {}
