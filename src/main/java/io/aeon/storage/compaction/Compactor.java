package io.aeon.storage.compaction;

import io.aeon.storage.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one pass which records of a log remain, by Kafka's rules: the last record of each key, a tombstone until
 * its retention time ends, and no records of aborted transactions. A batch whose records cannot be read is kept whole,
 * and then so are the tombstones behind it. First {@link #index} gets every batch from the first
 * dirty one on, until its map is full. Then {@link #retain} gets every batch of the log. A batch is between position
 * and limit of a heap buffer. One thread.
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
    private @Nullable KeptWhole keptWhole;

    /**
     * @param deleteRetentionMs milliseconds for which a tombstone stays after the first pass over it
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

    /**
     * Adds the keys of a batch to the map; returns false if there is not room for all, and then the batch stays dirty.
     */
    public boolean index(ByteBuffer batch) {
        int at = batch.position();
        if (BatchHeader.isControl(batch, at)) {
            indexed.end(batch);
        } else if (!indexed.isAborted(batch) && !noteAll(batch)) {
            return false;
        }
        indexedTo(BatchHeader.lastOffset(batch, at) + 1);
        return true;
    }

    private boolean noteAll(ByteBuffer batch) {
        try {
            return contents.allMatch(batch, this::note);
        } catch (UnreadableBatchException e) {
            return true;
        }
    }

    private boolean note(long offset, byte[] bytes, int keyFrom, int keySize, boolean hasValue) {
        return keySize < 0 || offset < range.firstDirty() || latest.put(bytes, keyFrom, keySize, offset);
    }

    /** All records below {@code offset} have been indexed. */
    public void indexedTo(long offset) {
        indexedTo = Math.max(indexedTo, offset);
    }

    /** All records below this offset are clean after the pass. */
    public long indexedTo() {
        return indexedTo;
    }

    /**
     * The part of a batch that remains: the batch itself, a part of its records, only its header, or null for nothing.
     * The marker at the end of a transaction remains, because the index of aborted transactions, which compaction does
     * not change, refers to its offset.
     */
    public @Nullable ByteBuffer retain(ByteBuffer batch) {
        int at = batch.position();
        if (BatchHeader.isControl(batch, at)) {
            cleaned.end(batch);
            return batch;
        }
        deleteHorizonMs = BatchHeader.deleteHorizonMs(batch, at);
        ByteBuffer rest = cleaned.isAborted(batch) ? null : retainRecords(batch);
        return rest != null || !isNeededEmpty(batch) ? rest : BatchHeader.emptied(batch, at);
    }

    private @Nullable ByteBuffer retainRecords(ByteBuffer batch) {
        try {
            return contents.retain(batch, this::isKept, nowMs + deleteRetentionMs);
        } catch (UnreadableBatchException e) {
            keptWhole = keptWhole == null
                    ? new KeptWhole(1, BatchHeader.baseOffset(batch, batch.position()), String.valueOf(e.getMessage()))
                    : keptWhole.andAnother();
            return batch;
        }
    }

    /** The batches that {@link #retain} could not read. */
    public Optional<KeptWhole> keptWhole() {
        return Optional.ofNullable(keptWhole);
    }

    private boolean isKept(long offset, byte[] bytes, int keyFrom, int keySize, boolean hasValue) {
        if (offset >= indexedTo) {
            return true;
        }
        return keySize >= 0 && (hasValue || !isExpired()) && offset >= latest.get(bytes, keyFrom, keySize);
    }

    private boolean isExpired() {
        return keptWhole == null && deleteHorizonMs >= 0 && deleteHorizonMs <= nowMs;
    }

    /** The log must keep the last sequence number of each producer, and its own end offset. */
    private boolean isNeededEmpty(ByteBuffer batch) {
        return BatchHeader.lastOffset(batch, batch.position()) + 1 == range.end() || producers.isNewest(batch);
    }
}
