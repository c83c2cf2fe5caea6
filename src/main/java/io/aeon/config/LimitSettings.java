package io.aeon.config;

/**
 * Limits for what clients can make the broker keep.
 *
 * @param groups heap for all groups with their members and offsets, in bytes
 * @param transactionalIds heap for all transactional ids, in bytes
 * @param topics heap for all topics with their partitions, in bytes
 * @param producers heap for what all logs remember of idempotent and transactional producers, in bytes
 */
public record LimitSettings(long groups, long transactionalIds, long topics, long producers) {}
