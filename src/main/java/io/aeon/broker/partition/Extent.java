package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Isolation;

/** What of a partition can be read. */
public record Extent(long logStartOffset, long lastStableOffset, long highWatermark) {
    /** Whether every transaction has ended, as far as consumers may read. */
    boolean isStable() {
        return lastStableOffset == highWatermark;
    }

    long end(Isolation isolation) {
        return isolation == Isolation.COMMITTED ? lastStableOffset : highWatermark;
    }
}
