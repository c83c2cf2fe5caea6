package io.aeon.broker.partition;

import io.aeon.broker.partition.PartitionCommand.Isolation;
import io.aeon.storage.log.PartitionLog;

/** The readable range of a partition. */
public record Extent(long logStartOffset, long lastStableOffset, long highWatermark, long logEndOffset) {
    public static Extent of(PartitionLog log, long highWatermark) {
        return new Extent(log.logStartOffset(), log.lastStableOffset(highWatermark), highWatermark, log.logEndOffset());
    }

    /** Whether every transaction below the high watermark has ended. */
    public boolean isStable() {
        return lastStableOffset == highWatermark;
    }

    public long end(Isolation isolation) {
        return switch (isolation) {
            case UNCOMMITTED -> highWatermark;
            case COMMITTED -> lastStableOffset;
            case LOG_END -> logEndOffset;
        };
    }
}
