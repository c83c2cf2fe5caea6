package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Isolation;

/** The readable range of a partition. */
public record Extent(long logStartOffset, long lastStableOffset, long highWatermark) {
    /** Whether every transaction below the high watermark has ended. */
    boolean isStable() {
        return lastStableOffset == highWatermark;
    }

    long end(Isolation isolation) {
        return isolation == Isolation.COMMITTED ? lastStableOffset : highWatermark;
    }
}
