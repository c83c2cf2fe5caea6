package io.aeon.config;

import java.time.Duration;

/**
 * How many partitions may be open and be opened, and for how long they are without being used.
 *
 * @param idleTimeout a partition not used for this long closes its log
 * @param mostOpen beyond this many, partitions close their logs as soon as nothing is under way in them
 * @param startsAtOnce partitions whose logs are opened at the same time
 */
public record PartitionSettings(Duration idleTimeout, int mostOpen, int startsAtOnce) {}
