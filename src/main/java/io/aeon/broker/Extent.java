package io.aeon.broker;

import io.aeon.broker.PartitionCommand.Isolation;

/** What of a partition can be read. */
record Extent(long logStartOffset, long lastStableOffset, long highWatermark) {
    /** Whether every transaction has ended, as far as consumers may read. */
    boolean isStable() {
        return lastStableOffset == highWatermark;
    }

    long end(Isolation isolation) {
        return isolation == Isolation.COMMITTED ? lastStableOffset : highWatermark;
    }
}
