package io.aeon.storage;

import io.aeon.storage.compaction.BatchContents;
import io.aeon.storage.compaction.CompactionMemory;
import io.aeon.storage.compaction.CompactionRange;
import io.aeon.storage.compaction.Compactor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** When one log wants compaction, and its passes. Thread-safe. */
public final class LogCompaction {
    private final LogParts log;
    private final LongSupplier logStart;
    private final Supplier<LogConfig> config;

    LogCompaction(LogParts log, LongSupplier logStart, Supplier<LogConfig> config) {
        this.log = log;
        this.logStart = logStart;
        this.config = config;
    }

    /** Whether the settings ask for it. */
    public boolean isEnabled() {
        return config.get().compaction().enabled();
    }

    /** A pass reaches no further than this offset; grows with rolled segments and flushes. */
    public long reach() {
        return log.sync().sealedTo();
    }

    /** Whether there is something to do below {@code stableTo}. May wait for a disk. */
    public CompactionNeed need(long stableTo) {
        return isEnabled() ? plan(stableTo).need() : CompactionNeed.NONE;
    }

    /**
     * A pass over what may be compacted now. May wait for a disk.
     *
     * @param stableTo first offset that may still be taken back
     */
    public Compaction pass(long stableTo, BatchContents contents, CompactionMemory memory) {
        log.sync().checkpoint();
        CompactionRange range = plan(stableTo).range();
        LogConfig current = config.get();
        Compactor compactor = new Compactor(
                contents,
                new LogHistory(log.producers()),
                range,
                memory,
                log.environment().clock().millis(),
                current.compaction().deleteRetentionMs());
        return new Compaction(log, current, range, compactor, memory.blockBytes());
    }

    private CompactionPlan plan(long stableTo) {
        return new CompactionPlan(
                log.segments().all(),
                logStart.getAsLong(),
                log.sync().clean().cleanedTo(),
                Math.min(stableTo, reach()),
                config.get().compaction(),
                log.environment().clock().millis());
    }
}
