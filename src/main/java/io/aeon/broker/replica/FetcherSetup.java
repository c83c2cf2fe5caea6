package io.aeon.broker.replica;

import io.aeon.broker.partition.Partitions;
import java.time.Duration;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * What the fetchers need.
 *
 * @param partitions the partitions of this broker, whose logs become the copies
 * @param leaders creates a connection to a broker
 * @param backoff time between an error and the next try
 * @param patience time for which the next request waits for logs that still store
 * @param throttle slows down the copying of some replicas
 * @param clock milliseconds, never going back
 */
public record FetcherSetup(
        Partitions partitions,
        IntFunction<LeaderConnection> leaders,
        Duration backoff,
        Duration patience,
        ReplicaThrottle throttle,
        LongSupplier clock) {}
