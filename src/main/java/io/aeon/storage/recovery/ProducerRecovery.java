package io.aeon.storage.recovery;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.producer.AbortedTransactions;
import io.aeon.storage.producer.EndMarker;
import io.aeon.storage.producer.LogProducers;
import io.aeon.storage.producer.ProducerCheckpoint;
import io.aeon.storage.producer.ProducerHeader;
import io.aeon.storage.producer.ProducerStates;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Restores the producer states of a log at an opening: from the latest valid snapshot and the batches after it. If an
 * index of aborted transactions is missing or invalid, all of them are rebuilt from the batches of the whole log.
 */
public final class ProducerRecovery {
    private final Path directory;
    private final LogFiles files;
    private final long[] snapshots;
    private @Nullable LogProducers found;
    private @Nullable ProducerStates fromLogStart;
    private long statesFrom;
    private boolean filesLost;

    /**
     * The producer states of an open log at an offset.
     *
     * @param snapshotOffset offset of the snapshot from which they were read, or {@link ProducerCheckpoint#NO_SNAPSHOT}
     */
    public record AsOf(ProducerStates states, long snapshotOffset) {}

    /**
     * The producer states at {@code endOffset}, the end of {@code segments}.
     *
     * @param snapshots offsets of the existing snapshots, ascending
     */
    public static AsOf asOf(long endOffset, Path directory, LogFiles files, long[] snapshots, List<Segment> segments) {
        ProducerRecovery recovery = new ProducerRecovery(directory, files, snapshots);
        long[] bases = segments.stream().mapToLong(Segment::baseOffset).toArray();
        recovery.start(null, bases, 0, endOffset);
        segments.forEach(recovery::walk);
        boolean fromSnapshot = Arrays.binarySearch(snapshots, recovery.statesFrom) >= 0;
        return new AsOf(recovery.found().states(), fromSnapshot ? recovery.statesFrom : ProducerCheckpoint.NO_SNAPSHOT);
    }

    /** @param snapshots offsets of the directory's producer snapshots, ascending */
    ProducerRecovery(Path directory, LogFiles files, long[] snapshots) {
        this.directory = directory;
        this.files = files;
        this.snapshots = snapshots;
    }

    /**
     * Reads the files. After it, {@link #batch} must get every batch from {@link #from} on.
     *
     * @param known the producer files of the checkpoint, null if it has none
     * @param bases base offsets of the segments
     * @param trustedSegments number of segments at the start of the log that are not checked
     * @param trustedEnd end offset of the part that is not checked
     */
    void start(@Nullable ProducerCheckpoint known, long[] bases, int trustedSegments, long trustedEnd) {
        long logStart = bases.length == 0 ? trustedEnd : bases[0];
        LogProducers producers;
        if (known != null && known.snapshotOffset() == ProducerCheckpoint.NO_SNAPSHOT) {
            statesFrom = trustedEnd;
            producers = new LogProducers(directory, files, new ProducerStates(), ProducerCheckpoint.NO_SNAPSHOT);
        } else {
            producers = fromSnapshot(logStart, trustedEnd);
        }
        found = producers;
        boolean indexesGood = known != null
                ? readIndexes(known, bases, producers)
                : trustedSegments == 0 || readIndexes(bases, trustedSegments, producers);
        if (!indexesGood) {
            fromLogStart = new ProducerStates();
        }
        filesLost = !indexesGood || (known != null && known.snapshotOffset() > statesFrom);
    }

    private LogProducers fromSnapshot(long logStart, long trustedEnd) {
        for (int i = snapshots.length - 1; i >= 0; i--) {
            long offset = snapshots[i];
            ByteBuffer bytes =
                    offset > trustedEnd ? null : AtomicFile.read(files, SegmentNames.snapshot(directory, offset));
            ProducerStates states = bytes == null ? null : ProducerStates.restore(bytes, offset);
            if (states != null) {
                statesFrom = offset;
                if (offset < logStart) {
                    states.forgetTransactions();
                }
                return new LogProducers(directory, files, states, offset);
            }
        }
        statesFrom = logStart;
        return new LogProducers(directory, files, new ProducerStates(), ProducerCheckpoint.NO_SNAPSHOT);
    }

    private boolean readIndexes(ProducerCheckpoint known, long[] bases, LogProducers producers) {
        boolean good = true;
        for (long base : bases) {
            AbortedTransactions.TransactionChecksum expected = known.indexes().get(base);
            if (expected != null) {
                ByteBuffer bytes = AtomicFile.read(files, SegmentNames.transactionIndex(directory, base));
                AbortedTransactions read = bytes == null ? null : AbortedTransactions.decode(bytes, expected);
                if (read != null) {
                    producers.addIndex(base, read, expected);
                }
                good &= read != null;
            }
        }
        return good;
    }

    /** The indexes of a Kafka broker after a clean stop; a segment without aborted transactions has no index file. */
    private boolean readIndexes(long[] bases, int trustedSegments, LogProducers producers) {
        boolean good = true;
        for (int i = 0; i < trustedSegments; i++) {
            ByteBuffer bytes = AtomicFile.read(files, SegmentNames.transactionIndex(directory, bases[i]));
            if (bytes != null && bytes.hasRemaining()) {
                AbortedTransactions read = AbortedTransactions.decode(
                        bytes, bases[i], i + 1 < bases.length ? bases[i + 1] : Long.MAX_VALUE);
                if (read != null) {
                    producers.addIndex(bases[i], read, AbortedTransactions.checksum(bytes));
                }
                good &= read != null;
            }
        }
        return good;
    }

    /** First offset whose batch {@link #batch} must get. */
    long from() {
        return fromLogStart != null ? 0 : statesFrom;
    }

    /** Whether files differed from the checkpoint, so that the checkpoint must be written again. */
    boolean filesLost() {
        return filesLost;
    }

    /** Adds a batch of the log; called in offset order. */
    void batch(ByteBuffer buffer, int at, long segmentBase) {
        if (!ProducerHeader.isPresent(buffer, at) || BatchHeader.lastOffset(buffer, at) < from()) {
            return;
        }
        ProducerStates all = fromLogStart;
        if (all != null) {
            indexAborted(all, buffer, at, segmentBase);
        }
        if (BatchHeader.lastOffset(buffer, at) >= statesFrom) {
            found().appended(buffer, at, segmentBase);
        }
    }

    private void indexAborted(ProducerStates all, ByteBuffer buffer, int at, long segmentBase) {
        if (!BatchHeader.isControl(buffer, at)) {
            all.appended(ProducerHeader.of(buffer, at));
            return;
        }
        EndMarker marker = ProducerHeader.marker(buffer, at);
        if (marker != null) {
            all.appended(marker).ifPresent(transaction -> found().addAborted(segmentBase, transaction));
        }
    }

    /** Adds the batches of an unchecked segment, up to the first invalid header. */
    void walk(Segment segment) {
        if (segment.end().nextOffset() > from()) {
            walk(() -> segment.seek(from(), segment.size()), segment.baseOffset());
        }
    }

    /** @param start a cursor at the first batch to add, null if there is none */
    void walk(Supplier<@Nullable HeaderCursor> start, long segmentBase) {
        try {
            HeaderCursor cursor = start.get();
            for (boolean more = cursor != null; cursor != null && more; more = cursor.next()) {
                batch(cursor.prefix(), 0, segmentBase);
            }
        } catch (DamagedLogException e) {
            return;
        }
    }

    /**
     * Deletes the snapshots that no segment and no start needs, and the indexes of segments that are not there any more.
     * May be called before {@link #start}, then no start needs a snapshot.
     *
     * @param names names of all files of the log
     */
    void clean(long[] bases, List<String> names) {
        for (long base : SegmentNames.transactionIndexOffsets(names)) {
            if (Arrays.binarySearch(bases, base) < 0) {
                delete(SegmentNames.transactionIndex(directory, base));
            }
        }
        for (long offset : snapshots) {
            if (offset != statesFrom && Arrays.binarySearch(bases, offset) < 0) {
                delete(SegmentNames.snapshot(directory, offset));
            }
        }
    }

    private void delete(Path path) {
        try {
            files.delete(path);
        } catch (IOException e) {
            throw StorageException.of("cannot delete " + path, e);
        }
    }

    /** The restored producers. */
    LogProducers found() {
        LogProducers producers = found;
        if (producers == null) {
            throw new IllegalStateException("start was not called");
        }
        return producers;
    }
}
