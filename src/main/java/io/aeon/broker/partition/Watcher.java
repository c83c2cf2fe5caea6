package io.aeon.broker.partition;

/** Waits for one partition to change. Called on the partition's thread, so both methods return at once. */
public interface Watcher {
    /** The partition has changed, or cannot serve any more: ask it. Called once for each watch. */
    void wake();

    /** Whether nobody waits any more; the partition may then forget this watcher. */
    boolean done();
}
