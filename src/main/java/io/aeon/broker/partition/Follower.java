package io.aeon.broker.partition;

/**
 * A broker that follows a leader.
 *
 * @param broker id of the broker
 * @param epoch broker epoch of its registration; -1 if it does not tell
 */
public record Follower(int broker, long epoch) {}
