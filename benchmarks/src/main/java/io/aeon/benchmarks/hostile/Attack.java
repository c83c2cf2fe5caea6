package io.aeon.benchmarks.hostile;

/**
 * What one hostile or broken program does to a broker, in a process of its own that is killed at the end of its time.
 */
interface Attack {
    /** Attacks once; called again until the time is over. An IOException is a connection that the broker ended. */
    void on(Target target) throws Exception;
}
