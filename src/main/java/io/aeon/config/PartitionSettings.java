package io.aeon.config;

import java.time.Duration;

/**
 * Limits for open partitions.
 *
 * @param idleTimeout a partition that is not used for this long closes its log
 * @param mostOpen above this number, partitions close their logs as soon as they have no pending work
 * @param startsAtOnce maximum number of partitions whose logs are opened at the same time
 */
public record PartitionSettings(Duration idleTimeout, int mostOpen, int startsAtOnce) {}
