package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Isolation;

/** The readable range of a partition. */
public record Extent(long logStartOffset, long lastStableOffset, long highWatermark, long logEndOffset) {
    /** Whether every transaction below the high watermark has ended. */
    boolean isStable() {
        return lastStableOffset == highWatermark;
    }

    long end(Isolation isolation) {
        return switch (isolation) {
            case UNCOMMITTED -> highWatermark;
            case COMMITTED -> lastStableOffset;
            case LOG_END -> logEndOffset;
        };
    }
}
