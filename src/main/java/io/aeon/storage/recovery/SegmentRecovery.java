package io.aeon.storage.recovery;

import io.aeon.storage.batch.BatchScanner;
import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.IndexFiles;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentConfig;
import io.aeon.storage.segment.SegmentEnd;
import io.aeon.storage.segment.SegmentIndex;
import io.aeon.storage.segment.SegmentIndexes;
import io.aeon.storage.segment.SegmentNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Checks one segment batch by batch after its durable part, and cuts it at the first invalid batch. */
final class SegmentRecovery {
    private static final int REWRITE_BYTES = 256 << 10;

    private final Path directory;
    private final long baseOffset;
    private final LogEnvironment environment;
    private final int intervalBytes;
    private final SegmentFile file;
    private final long fileSize;
    private SegmentIndex index;
    private SegmentEnd end;
    private @Nullable String damage;
    private boolean indexesLost;

    SegmentRecovery(Path directory, long baseOffset, SegmentConfig config, LogEnvironment environment) {
        this.directory = directory;
        this.baseOffset = baseOffset;
        this.environment = environment;
        this.intervalBytes = config.indexIntervalBytes();
        this.file = new SegmentFile(SegmentNames.log(directory, baseOffset), environment.files(), environment.maps());
        this.fileSize = file.size();
        this.index = new SegmentIndex(baseOffset);
        this.end = SegmentEnd.empty(baseOffset);
    }

    SegmentFile file() {
        return file;
    }

    long fileSize() {
        return fileSize;
    }

    /** Skips the durable part of {@code checkpoint} if the segment contains it; returns whether it does. */
    boolean trust(RecoveryCheckpoint checkpoint) {
        SegmentEnd durable = checkpoint.durable().end();
        if (!durable.isIn(file)) {
            return false;
        }
        SegmentIndex stored = new IndexFiles(directory, baseOffset, environment.files())
                .read(checkpoint.indexes(), durable.position());
        indexesLost = stored == null;
        if (stored == null) {
            stored = SegmentIndexes.walk(file, baseOffset, durable.position());
        }
        if (stored == null) {
            return false;
        }
        index = stored;
        end = durable;
        return true;
    }

    /**
     * Checks all batches from the durable part to the end of the file or the first invalid batch.
     *
     * @param gapsTo from this offset on each batch must begin at the end offset of the previous batch; below it,
     *     compaction may have left gaps
     */
    void scan(long gapsTo, LeaderEpochs epochs, ProducerRecovery producers) {
        if (end.position() == fileSize) {
            return;
        }
        BatchScanner scanner = new BatchScanner(file, fileSize);
        while (end.position() < fileSize && damage == null) {
            damage = scanner.check(end.position());
            if (damage == null) {
                damage = misplaced(scanner, gapsTo, epochs);
            }
            if (damage == null) {
                accept(scanner, epochs);
                producers.batch(scanner.header(), 0, baseOffset);
            }
        }
    }

    /**
     * Writes all bytes from {@code from} to the end again if an fsync of the file has failed: otherwise the next fsync
     * would report success for bytes that are not on the disk.
     */
    void distrust(int from) {
        LogFiles files = environment.files();
        if (!files.isSuspect(file.path())) {
            return;
        }
        ByteBuffer block = ByteBuffer.allocate(REWRITE_BYTES);
        try (LogFile log = files.openForWriting(file.path())) {
            for (int at = from; at < end.position(); at += block.limit()) {
                block.clear().limit(Math.min(REWRITE_BYTES, end.position() - at));
                file.read(block, at);
                log.write(block.flip(), at);
            }
            log.force();
        } catch (IOException e) {
            throw StorageException.of("cannot rewrite " + file.path() + " from " + from, e);
        }
        files.trust(file.path());
    }

    /** Passes the unchecked batches that {@code producers} needs. */
    void walk(ProducerRecovery producers) {
        if (producers.from() < end.nextOffset()) {
            HeaderCursor cursor = new HeaderCursor(file, end.position());
            int start = index.offsets().floor(producers.from()).position();
            producers.walk(() -> cursor.moveTo(start) ? cursor : null, baseOffset);
        }
    }

    @Nullable
    String damage() {
        return damage;
    }

    /** Whether the indexes differed from the checkpoint, so that the checkpoint must be written again. */
    boolean indexesLost() {
        return indexesLost;
    }

    SegmentEnd end() {
        return end;
    }

    long bytesBehind() {
        return fileSize - end.position();
    }

    /** Cuts the file after the last valid batch, durably. */
    void cut() {
        file.evict(false);
        try (LogFile log = environment.files().openForWriting(file.path())) {
            log.truncate(end.position());
            log.force();
        } catch (IOException e) {
            throw StorageException.of("cannot cut " + file.path() + " at " + end.position(), e);
        }
    }

    /** @param scannedFrom position at which the scan began */
    Segment segment(int scannedFrom, LeaderEpochs epochs) {
        return Segment.known(directory, file.path(), baseOffset, end, scannedFrom, index, epochs, environment);
    }

    private @Nullable String misplaced(BatchScanner batch, long gapsTo, LeaderEpochs epochs) {
        long expected = end.nextOffset();
        if (batch.baseOffset() < expected || (batch.baseOffset() > expected && batch.baseOffset() > gapsTo)) {
            return "offset " + batch.baseOffset() + " instead of " + expected;
        }
        if (batch.lastOffset() - baseOffset > Integer.MAX_VALUE) {
            return "offset " + batch.lastOffset() + " is too far from the segment's first";
        }
        if (batch.leaderEpoch() < epochs.latest()) {
            return "leader epoch " + batch.leaderEpoch() + " after " + epochs.latest();
        }
        return batch.position() + batch.size() > Integer.MAX_VALUE ? "the segment is too large" : null;
    }

    private void accept(BatchScanner batch, LeaderEpochs epochs) {
        int position = (int) batch.position();
        int size = (int) batch.size();
        index.add(position, size, batch.lastOffset(), batch.maxTimestamp(), intervalBytes);
        epochs.assign(batch.leaderEpoch(), batch.baseOffset());
        end = new SegmentEnd(position + size, batch.lastOffset() + 1, position, batch.crc(), index.max());
    }
}
