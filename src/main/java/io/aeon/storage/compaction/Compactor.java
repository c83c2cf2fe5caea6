package io.aeon.storage.compaction;

import io.aeon.storage.batch.BatchHeader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one pass over a log what stays of it, as Kafka does: of each key the last record, tombstones until their
 * time is over, records of aborted transactions never. First every batch from the first dirty one on is shown to {@link
 * #index}, until it has no more room; then every batch of the log to {@link #retain}. Batches lie between position and
 * limit of a heap buffer. One thread.
 */
public final class Compactor {
    private final BatchContents contents;
    private final ProducerHistory producers;
    private final CompactionRange range;
    private final OffsetMap latest;
    private final long nowMs;
    private final long deleteRetentionMs;
    private final TransactionFilter indexed;
    private final TransactionFilter cleaned;
    private long indexedTo;
    private long deleteHorizonMs;

    /**
     * @param deleteRetentionMs how long a tombstone stays after the pass that first met it
     */
    public Compactor(
            BatchContents contents,
            ProducerHistory producers,
            CompactionRange range,
            CompactionMemory memory,
            long nowMs,
            long deleteRetentionMs) {
        this.contents = contents;
        this.producers = producers;
        this.range = range;
        this.latest = new OffsetMap(memory.offsetMapBytes(), memory.offsetMapLoad());
        this.nowMs = nowMs;
        this.deleteRetentionMs = deleteRetentionMs;
        this.indexed = new TransactionFilter(producers.aborted(range.firstDirty(), range.end()));
        this.cleaned = new TransactionFilter(producers.aborted(range.start(), range.end()));
        this.indexedTo = range.firstDirty();
    }

    /** Takes in the keys of a batch; false if there is no room for them all, and then the batch stays dirty. */
    public boolean index(ByteBuffer batch) {
        int at = batch.position();
        if (BatchHeader.isControl(batch, at)) {
            indexed.end(batch);
        } else if (!indexed.isAborted(batch) && !contents.allMatch(batch, this::note)) {
            return false;
        }
        indexedTo(BatchHeader.lastOffset(batch, at) + 1);
        return true;
    }

    private boolean note(long offset, byte[] bytes, int keyFrom, int keySize, boolean hasValue) {
        return keySize < 0 || offset < range.firstDirty() || latest.put(bytes, keyFrom, keySize, offset);
    }

    /** There is no record below {@code offset} that was not shown. */
    public void indexedTo(long offset) {
        indexedTo = Math.max(indexedTo, offset);
    }

    /** Everything below is clean after the pass. */
    public long indexedTo() {
        return indexedTo;
    }

    /**
     * What stays of a batch: all of it, a part, its header alone, or null for nothing. The end of a transaction stays: the
     * index of aborted ones, which compaction does not write anew, ends there.
     */
    public @Nullable ByteBuffer retain(ByteBuffer batch) {
        int at = batch.position();
        if (BatchHeader.isControl(batch, at)) {
            cleaned.end(batch);
            return batch;
        }
        deleteHorizonMs = BatchHeader.deleteHorizonMs(batch, at);
        ByteBuffer rest =
                cleaned.isAborted(batch) ? null : contents.retain(batch, this::isKept, nowMs + deleteRetentionMs);
        return rest != null || !isNeededEmpty(batch) ? rest : BatchHeader.emptied(batch, at);
    }

    private boolean isKept(long offset, byte[] bytes, int keyFrom, int keySize, boolean hasValue) {
        if (offset >= indexedTo) {
            return true;
        }
        return keySize >= 0 && (hasValue || !horizonPassed()) && offset >= latest.get(bytes, keyFrom, keySize);
    }

    private boolean horizonPassed() {
        return deleteHorizonMs >= 0 && deleteHorizonMs <= nowMs;
    }

    /** The log must not forget where a producer has come to, nor how far it reached itself. */
    private boolean isNeededEmpty(ByteBuffer batch) {
        return BatchHeader.lastOffset(batch, batch.position()) + 1 == range.end() || producers.isNewest(batch);
    }
}
