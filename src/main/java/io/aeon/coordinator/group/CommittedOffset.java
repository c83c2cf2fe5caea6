package io.aeon.coordinator.group;

import org.apache.kafka.common.Uuid;

/**
 * An offset a group has committed for a partition.
 *
 * @param leaderEpoch epoch of the record before it, -1 if the client did not say
 * @param metadata the client's own note, empty if none
 * @param commitTimestamp when, in milliseconds since the epoch
 * @param expireTimestamp when it ends by the client's wish (OffsetCommit before v5), -1 if by the broker's retention
 * @param topicId zero in records of brokers that did not know it
 */
public record CommittedOffset(
        long offset, int leaderEpoch, String metadata, long commitTimestamp, long expireTimestamp, Uuid topicId) {}
