package io.aeon.replication;

import java.util.function.LongSupplier;

/**
 * What makes a follower in sync, besides having the records.
 *
 * @param clock milliseconds, never going back
 * @param maxLag milliseconds for which a follower stays in the ISR without being caught up
 * @param brokers who is in service
 */
public record InSyncRules(LongSupplier clock, long maxLag, LiveBrokers brokers) {}
