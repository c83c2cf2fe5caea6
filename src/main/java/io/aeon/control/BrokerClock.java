package io.aeon.control;

import java.time.Duration;
import java.time.Instant;

/**
 * The clock by which the broker decides what is old: records for retention, compaction and deletion, members without a
 * heartbeat, open transactions, producers, committed offsets. It runs with the machine's clock until a test moves or
 * stops it. Waits of requests, throttle times, limits of connections and what the nodes of a cluster expect of each
 * other keep to the machine's clock.
 */
public interface BrokerClock {
    /** The broker's time. */
    Instant now();

    /**
     * Moves the clock forward. What is due by the new time happens at once, without the usual interval between two
     * looks at it; it may be under way when this call returns. Records, and the last heartbeats of members, are then
     * older by {@code time}, so a member whose session timeout is shorter leaves its group unless its heartbeat comes
     * first.
     *
     * @throws IllegalArgumentException {@code time} is negative
     */
    void advance(Duration time);

    /** Stops the clock: nothing gets older, and no session and no transaction times out. */
    void freeze();

    /** Lets the clock run again, from the time at which it stands. */
    void unfreeze();
}
