package io.aeon.storage.recovery;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.producer.AbortedTransactions;
import io.aeon.storage.producer.EndMarker;
import io.aeon.storage.producer.LogProducers;
import io.aeon.storage.producer.ProducerCheckpoint;
import io.aeon.storage.producer.ProducerHeader;
import io.aeon.storage.producer.ProducerStates;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentNames;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out at opening what a log knows of its producers: from the latest good snapshot and the batches after it. Where
 * an index of aborted transactions is missing or in doubt, all of them are built again from the batches of the whole log.
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
     * The producers of an open log as of an offset.
     *
     * @param snapshotOffset of the snapshot that they came from, {@link ProducerCheckpoint#NO_SNAPSHOT} if of none
     */
    public record AsOf(ProducerStates states, long snapshotOffset) {}

    /**
     * What is known of the producers at {@code endOffset}, where {@code segments} end.
     *
     * @param snapshots offsets of the snapshots that are there, ascending
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
     * Reads the files. Every batch from {@link #from} on has to be told afterwards.
     *
     * @param known what the checkpoint says, null if it says nothing
     * @param bases of the segments
     * @param trustedSegments so many segments at the start are taken as they are
     * @param trustedEnd so much of the log is
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

    /** Those of a Kafka that stopped in order; one without aborted transactions has no file. */
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

    /** The first offset of which a batch has to be told. */
    long from() {
        return fromLogStart != null ? 0 : statesFrom;
    }

    /** Whether files were not what the checkpoint promised, so that it should be written again. */
    boolean filesLost() {
        return filesLost;
    }

    /** A batch of the log, in the order of offsets. */
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

    /** A segment whose batches are taken as they are, as far as its headers can be followed. */
    void walk(Segment segment) {
        if (segment.end().nextOffset() > from()) {
            walk(() -> segment.seek(from(), segment.size()), segment.baseOffset());
        }
    }

    /** @param start at the first batch to be told, null if there is none */
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

    /** Snapshots that no segment and no start needs go from the disk. */
    void clean(long[] bases) {
        for (long offset : snapshots) {
            if (offset != statesFrom && Arrays.binarySearch(bases, offset) < 0) {
                found().deleteSnapshot(offset);
            }
        }
    }

    /** What is known now. */
    LogProducers found() {
        LogProducers producers = found;
        if (producers == null) {
            throw new IllegalStateException("not started");
        }
        return producers;
    }
}
