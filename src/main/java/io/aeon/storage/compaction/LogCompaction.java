package io.aeon.storage.compaction;

import io.aeon.storage.segment.SegmentConfig;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** When one log wants compaction, and its passes. Thread-safe. */
public final class LogCompaction {
    private final LogParts log;
    private final LongSupplier logStart;
    private final Supplier<SegmentConfig> segments;
    private final Supplier<CompactionConfig> config;

    /** @param logStart the first offset a reader may ask for, now; the settings, too, are asked for at each use */
    public LogCompaction(
            LogParts log, LongSupplier logStart, Supplier<SegmentConfig> segments, Supplier<CompactionConfig> config) {
        this.log = log;
        this.logStart = logStart;
        this.segments = segments;
        this.config = config;
    }

    /** The settings it goes by now. */
    public CompactionConfig config() {
        return config.get();
    }

    /** A pass reaches no further than this offset; grows with rolled segments and flushes. */
    public long reach() {
        return log.state().sealedTo();
    }

    /** Whether there is something to do below {@code stableTo}. May wait for a disk. */
    public CompactionNeed need(long stableTo) {
        return config().enabled() ? plan(stableTo).need() : CompactionNeed.NONE;
    }

    /**
     * A pass over what may be compacted now. May wait for a disk.
     *
     * @param stableTo first offset that may still be taken back
     */
    public Compaction pass(long stableTo, BatchContents contents, CompactionMemory memory) {
        int truncations = log.state().truncations();
        log.state().checkpoint();
        CompactionRange range = plan(stableTo).range();
        Compactor compactor = new Compactor(
                contents,
                new LogHistory(log.producers()),
                range,
                memory,
                log.environment().clock().millis(),
                config().deleteRetentionMs());
        return new Compaction(log, segments.get(), range, compactor, memory.blockBytes(), truncations);
    }

    private CompactionPlan plan(long stableTo) {
        return new CompactionPlan(
                log.segments().all(),
                logStart.getAsLong(),
                log.state().clean().cleanedTo(),
                Math.min(stableTo, reach()),
                config(),
                log.environment().clock().millis());
    }
}
