package io.aeon.config;

import java.time.Duration;

/**
 * How many partitions may be open, and for how long without being used.
 *
 * @param idleTimeout a partition not used for this long closes its log
 * @param mostOpen beyond this many, partitions close their logs as soon as nothing is under way in them
 */
public record PartitionSettings(Duration idleTimeout, int mostOpen) {}
