package io.aeon.storage.compaction;

import io.aeon.storage.batch.BatchBlocks;
import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.file.SegmentRetiredException;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentConfig;
import io.aeon.storage.segment.SegmentSwap;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One pass of compaction over a log: {@code while (pass.prepare()) pass.swap()}. {@link #prepare} takes long and runs
 * concurrently with the log's owner, appends and reads. {@link #swap} is short and runs on the owner. The two never run
 * at the same time. A pass that ends early keeps the completed swaps, and the next pass starts at the same offset.
 */
public final class Compaction implements AutoCloseable {
    private final LogParts log;
    private final SegmentConfig config;
    private final CompactionRange range;
    private final Compactor compactor;
    private final int blockBytes;
    private final int truncations;
    private final Queue<List<Segment>> groups = new ArrayDeque<>();
    private State state = State.UNREAD;
    private @Nullable Replacement ready;
    private volatile boolean cancelled;

    /**
     * @param blockBytes bytes per read and per write
     * @param truncations number of truncations of the log before {@code range} was determined
     */
    Compaction(
            LogParts log,
            SegmentConfig config,
            CompactionRange range,
            Compactor compactor,
            int blockBytes,
            int truncations) {
        this.log = log;
        this.config = config;
        this.range = range;
        this.compactor = compactor;
        this.blockBytes = blockBytes;
        this.truncations = truncations;
    }

    private enum State {
        UNREAD,
        CLEANING,
        ENDED
    }

    private record Replacement(List<Segment> replaced, Segment fresh) {}

    /** The pass was cancelled, or the log has changed since the pass began. */
    private static final class EndedEarly extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EndedEarly() {
            super(null, null, false, false);
        }
    }

    /**
     * Prepares the next segment for {@link #swap}; returns false at the end of the pass.
     *
     * @throws RuntimeException the log cannot be compacted, for the reason in the message; it stays usable, and the pass
     *     is closed
     */
    public boolean prepare() {
        try {
            if (state == State.UNREAD) {
                state = index() ? State.CLEANING : State.ENDED;
            }
            while (state == State.CLEANING && ready == null && !groups.isEmpty()) {
                clean(groups.remove());
            }
            if (ready == null && state == State.CLEANING) {
                compacted(new CleanPoint(compactor.indexedTo(), gapsTo()));
                state = State.ENDED;
            }
        } catch (SegmentRetiredException | EndedEarly e) {
            state = State.ENDED;
        } catch (RuntimeException e) {
            closeAfter(e);
            throw e;
        }
        return ready != null;
    }

    private void closeAfter(RuntimeException failure) {
        try {
            close();
        } catch (StorageException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Replaces the old segments by the prepared one. Drops the prepared segment if retention has removed an old
     * segment, or if the log was truncated: older values of truncated records are then needed again.
     */
    public void swap() {
        Replacement replacement = ready;
        if (replacement == null) {
            throw new IllegalStateException("no segment is prepared");
        }
        ready = null;
        log.state().aside(() -> {
            SegmentSwap swap = new SegmentSwap(log.directory(), log.environment());
            if (log.state().truncations() == truncations
                    && log.segments().replace(replacement.replaced(), replacement.fresh())) {
                long due = log.environment().timeIn(config.fileDeleteDelayMs());
                swap.complete(replacement.fresh(), replacement.replaced(), due);
                List<Long> bases =
                        replacement.replaced().stream().map(Segment::baseOffset).toList();
                log.directory().discard(log.producers().merged(bases), due);
            } else {
                swap.abandon(replacement.fresh());
                state = State.ENDED;
            }
        });
    }

    /** The batches that the pass has kept whole so far; not to be called while {@link #prepare} runs. */
    public Optional<KeptWhole> keptWhole() {
        return compactor.keptWhole();
    }

    /** Ends {@link #prepare} soon; may be called from any thread. */
    public void cancel() {
        cancelled = true;
    }

    /** Deletes a prepared segment that was not swapped. */
    @Override
    public void close() {
        state = State.ENDED;
        if (ready != null) {
            new SegmentSwap(log.directory(), log.environment()).abandon(ready.fresh());
            ready = null;
        }
    }

    /** False if there are no dirty records. */
    private boolean index() {
        if (range.firstDirty() >= range.end()) {
            return false;
        }
        List<Segment> all = log.segments().all();
        takeIn(all);
        if (compactor.indexedTo() == range.firstDirty()) {
            throw new StorageException("the keys of one batch at " + range.firstDirty()
                    + " are more than log.cleaner.dedupe.buffer.size has room for");
        }
        new SegmentGroups(config, range.end())
                .of(all.stream()
                        .filter(segment -> segment.baseOffset() < compactor.indexedTo())
                        .toList())
                .forEach(groups::add);
        compacted(new CleanPoint(log.state().clean().cleanedTo(), gapsTo()));
        return true;
    }

    private void compacted(CleanPoint reached) {
        if (!log.state().compacted(reached, truncations)) {
            throw new EndedEarly();
        }
    }

    private long gapsTo() {
        return Math.max(log.state().clean().gapsTo(), compactor.indexedTo());
    }

    private void takeIn(List<Segment> all) {
        for (int i = 0; i < all.size() - 1 && all.get(i).baseOffset() < range.end(); i++) {
            Segment segment = all.get(i);
            long next = all.get(i + 1).baseOffset();
            HeaderCursor first = next > range.firstDirty() ? segment.seek(range.firstDirty(), segment.size()) : null;
            if (first != null && !takeIn(segment, first.position())) {
                return;
            }
            compactor.indexedTo(next);
        }
    }

    private boolean takeIn(Segment segment, int from) {
        BatchBlocks blocks = new BatchBlocks(segment.file(), from, segment.size(), blockBytes);
        for (ByteBuffer batch = next(blocks); batch != null; batch = next(blocks)) {
            if (!compactor.index(batch)) {
                return false;
            }
        }
        return true;
    }

    /** Prepares nothing if the result would equal the present segment. */
    private void clean(List<Segment> group) {
        boolean changed = group.size() > 1;
        try (CleanedSegment cleaned =
                new CleanedSegment(log.directory(), group.get(0).baseOffset(), config, log.environment(), blockBytes)) {
            for (Segment segment : group) {
                changed |= clean(segment, cleaned);
            }
            if (changed) {
                cleaned.force();
                log.state().aside(() -> finish(cleaned, group));
            }
        }
    }

    /** A start would bring back removed records with a segment that is finished after their removal. */
    private void finish(CleanedSegment cleaned, List<Segment> group) {
        if (log.state().truncations() != truncations || !log.segments().all().contains(group.get(0))) {
            throw new EndedEarly();
        }
        long end = group.get(group.size() - 1).end().nextOffset();
        ready = new Replacement(group, cleaned.finish(end, log.epochs()));
    }

    private boolean clean(Segment segment, CleanedSegment cleaned) {
        boolean changed = false;
        BatchBlocks blocks = new BatchBlocks(segment.file(), 0, segment.size(), blockBytes);
        for (ByteBuffer batch = next(blocks); batch != null; batch = next(blocks)) {
            ByteBuffer rest = compactor.retain(batch);
            changed |= !batch.equals(rest);
            if (rest != null) {
                cleaned.append(rest);
            }
        }
        return changed;
    }

    private @Nullable ByteBuffer next(BatchBlocks blocks) {
        if (cancelled) {
            throw new EndedEarly();
        }
        return blocks.next();
    }
}
