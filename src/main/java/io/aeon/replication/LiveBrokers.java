package io.aeon.replication;

import java.util.OptionalLong;

/** The brokers of the cluster, as of the newest metadata that this broker has. */
@FunctionalInterface
public interface LiveBrokers {
    /**
     * The broker epoch of a broker that may join an ISR; empty if it is not registered, fenced, or in a controlled
     * shutdown (KIP-841).
     */
    OptionalLong epochOf(int broker);
}
