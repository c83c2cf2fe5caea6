package io.aeon.storage.producer;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.producer.AbortedTransactions.TransactionChecksum;
import io.aeon.storage.producer.ProducerStates.Snapshot;
import io.aeon.storage.segment.DurablePoint;
import io.aeon.storage.segment.SegmentNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The producers of one log and their files: a snapshot of the producer states at the start of each segment and at the
 * last checkpoint, and an index of the aborted transactions of each segment. Both kinds of files are caches of the log.
 * A log without batches of producers with an id has none of them. The owner appends; all other methods may run on any
 * thread.
 */
public final class LogProducers {
    /** A larger snapshot is too expensive to write with every checkpoint. */
    private static final int SMALL = 80_000;

    private final Path directory;
    private final LogFiles files;
    private volatile ProducerStates states;
    /** By the segment's base offset; never changed but replaced, so that a reader finds each transaction. */
    private volatile NavigableMap<Long, TransactionIndex> aborted = new TreeMap<>();

    private final AtomicReference<@Nullable Snapshot> rolled = new AtomicReference<>();
    private long snapshotOffset;

    /**
     * @param snapshotOffset offset of the snapshot from which {@code states} was read, or
     *     {@link ProducerCheckpoint#NO_SNAPSHOT}
     */
    public LogProducers(Path directory, LogFiles files, ProducerStates states, long snapshotOffset) {
        this.directory = directory;
        this.files = files;
        this.states = states;
        this.snapshotOffset = snapshotOffset;
    }

    /** The states of all producers. */
    public ProducerStates states() {
        return states;
    }

    /** The place of the same batch if it is a duplicate; see {@link ProducerStates#admit}. */
    @Nullable
    public AppendedBatch admit(ByteBuffer buffer, int at) {
        return states.admit(ProducerHeader.of(buffer, at));
    }

    /** See {@link ProducerStates#requireKnown}. */
    public void requireKnown(ByteBuffer buffer, int at) {
        states.requireKnown(ProducerHeader.of(buffer, at));
    }

    /** See {@link ProducerStates#beginsLate}. */
    public boolean beginsLate(ByteBuffer buffer, int at) {
        return states.beginsLate(ProducerHeader.of(buffer, at));
    }

    /** A batch of a producer was appended, or was found in the log at its opening. */
    public void appended(ByteBuffer buffer, int at, long segmentBase) {
        if (!BatchHeader.isControl(buffer, at)) {
            states.appended(ProducerHeader.of(buffer, at));
            return;
        }
        EndMarker marker = ProducerHeader.marker(buffer, at);
        if (marker != null) {
            states.appended(marker).ifPresent(transaction -> addAborted(segmentBase, transaction));
        }
    }

    /** A transaction was aborted whose marker is in that segment, which is the last one. */
    public void addAborted(long segmentBase, AbortedTransaction transaction) {
        TransactionIndex known = aborted.get(segmentBase);
        if (known == null) {
            TransactionIndex fresh = index(segmentBase, new AbortedTransactions(), null);
            fresh.add(transaction);
            change(indexes -> indexes.put(segmentBase, fresh));
        } else {
            known.add(transaction);
        }
    }

    /** Sets the aborted transactions of a segment to those in its file. */
    public void addIndex(long segmentBase, AbortedTransactions known, TransactionChecksum written) {
        change(indexes -> indexes.put(segmentBase, index(segmentBase, known, written)));
    }

    private synchronized void change(Consumer<NavigableMap<Long, TransactionIndex>> change) {
        NavigableMap<Long, TransactionIndex> changed = new TreeMap<>(aborted);
        change.accept(changed);
        aborted = changed;
    }

    private TransactionIndex index(long base, AbortedTransactions known, @Nullable TransactionChecksum written) {
        return new TransactionIndex(SegmentNames.transactionIndex(directory, base), files, known, written);
    }

    /** The log was rolled: a new segment begins. */
    public void rolled() {
        if (states.size() > 0) {
            rolled.set(states.snapshot());
        }
    }

    /**
     * The log was truncated to {@code endOffset}, in that segment.
     *
     * @param known the producer states at {@code endOffset}
     * @param knownFrom offset of the snapshot from which they were read, or {@link ProducerCheckpoint#NO_SNAPSHOT}
     */
    public void truncated(long endOffset, long segmentBase, ProducerStates known, long knownFrom) {
        rolled.set(null);
        change(indexes -> {
            indexes.tailMap(segmentBase, false).clear();
            indexes.computeIfPresent(
                    segmentBase, (base, index) -> index(base, index.read().before(endOffset), null));
        });
        states = known;
        states.reached(endOffset);
        snapshotOffset = knownFrom;
    }

    /** The log is empty, and its next offset is {@code endOffset}. */
    public void forgetAll(long endOffset) {
        change(NavigableMap::clear);
        truncated(endOffset, endOffset, new ProducerStates(), ProducerCheckpoint.NO_SNAPSHOT);
    }

    /** Deletes those snapshots of {@code known} whose offset is above {@code endOffset}. */
    public void deleteSnapshotsAfter(long endOffset, long[] known) {
        for (long offset : known) {
            if (offset > endOffset) {
                deleteSnapshot(offset);
            }
        }
    }

    /** The segments before this base offset were removed. */
    public void removedBefore(long baseOffset) {
        change(indexes -> indexes.headMap(baseOffset).clear());
    }

    /**
     * Compaction has merged the segments with these base offsets, ascending, into the first one. Their aborted
     * transactions stay known, because a reader may still hold records of them, and so do their markers; the next
     * checkpoint writes them into the index of that segment.
     *
     * @return the files of the other segments, which are not needed any more
     */
    public List<Path> merged(List<Long> bases) {
        List<Long> gone = bases.subList(1, bases.size());
        if (gone.stream().anyMatch(aborted::containsKey)) {
            AbortedTransactions all = new AbortedTransactions();
            bases.stream()
                    .map(aborted::get)
                    .filter(Objects::nonNull)
                    .forEach(index -> index.read().collect(0, Long.MAX_VALUE, all::add));
            change(indexes -> {
                indexes.put(bases.get(0), index(bases.get(0), all, null));
                gone.forEach(indexes::remove);
            });
        }
        List<Path> unneeded = new ArrayList<>();
        for (long base : gone) {
            unneeded.add(SegmentNames.transactionIndex(directory, base));
            if (base != snapshotOffset) {
                unneeded.add(SegmentNames.snapshot(directory, base));
            }
        }
        return unneeded;
    }

    /** All producers of this log that have not expired, in any order. */
    public List<ActiveProducer> active() {
        return states.active();
    }

    /** Removes producers without an open transaction whose last batch has this timestamp or an older one. */
    public void expire(long timestamp) {
        states.expire(timestamp);
    }

    /** Whether there is an aborted transaction. */
    public boolean hasAborted() {
        return !aborted.isEmpty();
    }

    /** Whether {@link #abortedIn} does not wait for a disk. */
    public boolean isHot(long from) {
        return from(from).values().stream().allMatch(TransactionIndex::isInMemory);
    }

    /**
     * The aborted transactions with a record in {@code [from, to)}, in marker order. May wait for a disk unless
     * {@link #isHot}.
     */
    public List<AbortedTransaction> abortedIn(long from, long to) {
        List<AbortedTransaction> found = new ArrayList<>(0);
        for (TransactionIndex index : from(from).values()) {
            if (!index.read().collect(from, to, found::add)) {
                break;
            }
        }
        return found;
    }

    /** The indexes from the segment that contains {@code offset}, or an earlier one, on. */
    private NavigableMap<Long, TransactionIndex> from(long offset) {
        NavigableMap<Long, TransactionIndex> indexes = aborted;
        Long first = indexes.floorKey(offset);
        return first == null ? indexes : indexes.tailMap(first, true);
    }

    /**
     * The present states if the next checkpoint must write them, otherwise null.
     *
     * @param thorough whether an expensive snapshot is permitted
     */
    @Nullable
    public Snapshot takeSnapshot(boolean thorough) {
        int size = states.size();
        boolean worthIt = size > 0 && (thorough || size <= SMALL);
        return worthIt && states.endOffset() > snapshotOffset ? states.snapshot() : null;
    }

    /**
     * Writes the files that a start from {@code durable} needs.
     *
     * @param latest the states at or before {@code durable}, null if the last written ones suffice
     */
    public ProducerCheckpoint checkpoint(DurablePoint durable, @Nullable Snapshot latest) {
        Map<Long, TransactionChecksum> indexes = new HashMap<>();
        aborted.forEach((base, index) -> {
            if (base < durable.segmentBase()) {
                indexes.put(base, index.seal());
            } else if (base == durable.segmentBase()) {
                indexes.put(base, index.write(durable.offset()));
            }
        });
        Snapshot atRoll = rolled.get();
        if (atRoll != null && atRoll.endOffset() <= durable.offset()) {
            write(atRoll);
            rolled.compareAndSet(atRoll, null);
        }
        if (latest != null) {
            write(latest);
        }
        boolean needed = states.size() > 0;
        return new ProducerCheckpoint(needed ? Math.max(snapshotOffset, 0) : ProducerCheckpoint.NO_SNAPSHOT, indexes);
    }

    private void write(Snapshot snapshot) {
        AtomicFile.replace(files, SegmentNames.snapshot(directory, snapshot.endOffset()), snapshot.bytes());
        snapshotOffset = snapshot.endOffset();
    }

    /** Deletes a snapshot that no start needs. */
    public void deleteSnapshot(long endOffset) {
        Path path = SegmentNames.snapshot(directory, endOffset);
        try {
            files.delete(path);
        } catch (IOException e) {
            throw StorageException.of("cannot delete " + path, e);
        }
    }
}
