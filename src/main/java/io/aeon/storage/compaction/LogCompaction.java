package io.aeon.storage.compaction;

import io.aeon.storage.segment.SegmentConfig;
import io.aeon.storage.segment.SegmentSwap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The compaction of one log: when a pass is due, and the passes. Thread-safe. */
public final class LogCompaction {
    private final LogParts log;
    private final LongSupplier logStart;
    private final Supplier<SegmentConfig> segments;
    private final Supplier<CompactionConfig> config;

    /** @param logStart supplies the present log start offset; the settings are also read at each use */
    public LogCompaction(
            LogParts log, LongSupplier logStart, Supplier<SegmentConfig> segments, Supplier<CompactionConfig> config) {
        this.log = log;
        this.logStart = logStart;
        this.segments = segments;
        this.config = config;
    }

    /** The present settings. */
    public CompactionConfig config() {
        return config.get();
    }

    /** End offset of the range that a pass can cover; it grows with rolled segments and flushes. */
    public long reach() {
        return log.state().sealedTo();
    }

    /** Whether a pass below {@code stableTo} is needed. May wait for a disk. */
    public CompactionNeed need(long stableTo) {
        return config().enabled() ? plan(stableTo).need() : CompactionNeed.NONE;
    }

    /**
     * A pass over the present range. May wait for a disk. First deletes the finished segments that a failed pass has
     * left: the next opening would put them in the place of what this pass makes of the same records.
     *
     * @param stableTo first offset whose record is not final
     */
    public Compaction pass(long stableTo, BatchContents contents, CompactionMemory memory) {
        int truncations = log.state().truncations();
        log.state().aside(new SegmentSwap(log.directory(), log.environment())::abandonAll);
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
