package io.aeon.benchmarks.acceptance;

/** A load on a replicated topic that goes on while brokers are killed. */
interface ReplicatedLoad extends AutoCloseable {
    /** The number of records that the brokers have acknowledged. */
    long acknowledged();

    /** What the load could not bear, or null. */
    Exception failure();

    /** Ends the load; returns when everything sent is acknowledged or refused. */
    @Override
    void close();

    /** Holds what can be read after the end against what was acknowledged. */
    void check(Checks checks);
}
