package io.aeon.storage.repair;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.batch.BatchScanner;
import io.aeon.storage.batch.Damage;
import io.aeon.storage.batch.DamagedLogException;
import io.aeon.storage.compaction.CleanPoint;
import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.CrossDeviceMove;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.MapBudget;
import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.log.LogConfig;
import io.aeon.storage.log.PartitionLog;
import io.aeon.storage.recovery.RecoveryCheckpoint;
import io.aeon.storage.segment.DurablePoint;
import io.aeon.storage.segment.IndexFiles;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.SegmentEnd;
import io.aeon.storage.segment.SegmentNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Repairs a damaged log so that it can be opened: whole batches keep their offsets, damaged bytes are removed, and the
 * original files are kept in another directory. Offsets that were durable are not assigned to other records.
 */
public final class LogRepair {
    private static final String ASIDE = ".cut.";
    private static final int COPY_BYTES = 1 << 20;

    private final Path directory;
    private final LogFiles files;
    private final StoppedLog log;
    private final List<String> done = new ArrayList<>();
    private int latestEpoch;

    private LogRepair(Path directory, LogFiles files) {
        this.directory = directory;
        this.files = files;
        this.log = StoppedLog.in(directory, files);
        this.latestEpoch = Math.max(0, log.latestEpoch());
    }

    /**
     * Repairs the closed log in {@code directory}; returns a description of each change, empty if none was needed.
     *
     * @param read receives the size of each segment that was read, in bytes
     * @throws StorageException the repair failed
     */
    public static List<String> repair(Path directory, LogFiles files, LongConsumer read) {
        LogRepair repair = new LogRepair(directory, files);
        if (repair.log.verify(read).stream().anyMatch(Finding::harmful)) {
            try {
                repair.run();
            } catch (IOException e) {
                throw StorageException.of("cannot repair " + directory, e);
            }
        }
        return repair.done;
    }

    private void run() throws IOException {
        Path aside = LogDirectory.freeSibling(directory, ASIDE, files);
        files.createDirectories(aside);
        files.forceParent(aside);
        long next = 0;
        for (int i = 0; i < log.bases().length; i++) {
            next = Math.max(next, mend(i, aside));
        }
        RecoveryCheckpoint checkpoint = log.checkpoint();
        keepOffsets(next, checkpoint);
        Path file = RecoveryCheckpoint.path(directory, files);
        if (checkpoint != null) {
            copyAside(file, aside);
        } else {
            moveAside(file, aside);
        }
        moveAside(directory.resolve(LeaderEpochs.FILE), aside);
        files.forceDirectory(aside);
        files.forceDirectory(directory);
        if (checkpoint != null) {
            takeBack(checkpoint, Math.max(next, checkpoint.durable().offset()));
        }
        open(checkpoint == null ? 0 : checkpoint.logStartOffset());
    }

    /** Stores that nothing is durable any more but deleted records stay deleted; offsets may be missing now. */
    private void takeBack(RecoveryCheckpoint checkpoint, long gapsTo) throws IOException {
        long first = SegmentNames.baseOffsets(files.list(directory))[0];
        new RecoveryCheckpoint(
                        checkpoint.logStartOffset(),
                        new DurablePoint(first, SegmentEnd.empty(first)),
                        new IndexFiles.Checksums(-1, -1),
                        -1,
                        new CleanPoint(0, Math.max(gapsTo, checkpoint.clean().gapsTo())),
                        null)
                .write(directory, files);
        files.forceDirectory(directory);
    }

    private long mend(int segment, Path aside) throws IOException {
        List<Damage> damages = new ArrayList<>();
        Path path = log.file(log.bases()[segment]).path();
        Path mended = path.resolveSibling(path.getFileName() + AtomicFile.TEMPORARY);
        files.delete(mended);
        long next = log.walk(segment, new SegmentWalk.Visitor() {
            @Override
            public void whole(BatchScanner batch) {
                latestEpoch = Math.max(latestEpoch, batch.leaderEpoch());
            }

            @Override
            public void damaged(Damage damage, long end) {
                damages.add(damage);
                done.add("cut out " + (end - damage.position()) + " bytes of " + path + " at " + damage.position()
                        + ", from offset " + damage.offset() + ": " + damage.reason());
            }
        });
        if (damages.isEmpty()) {
            return next;
        }
        copyWhole(segment, mended);
        for (Path file : SegmentNames.caches(directory, log.bases()[segment])) {
            moveAside(file, aside);
        }
        copyAside(path, aside);
        files.forceDirectory(aside);
        files.rename(mended, path);
        return next;
    }

    private void copyWhole(int segment, Path target) throws IOException {
        SegmentFile source = log.file(log.bases()[segment]);
        try (LogFile file = files.openForWriting(target)) {
            ByteBuffer block = ByteBuffer.allocate(COPY_BYTES);
            long[] written = {0};
            log.walk(segment, new SegmentWalk.Visitor() {
                @Override
                public void whole(BatchScanner batch) {
                    written[0] = copy(source, file, batch, written[0], block);
                }

                @Override
                public void damaged(Damage damage, long end) {}
            });
            file.force();
        } finally {
            source.retire();
        }
    }

    private static long copy(SegmentFile source, LogFile target, BatchScanner batch, long to, ByteBuffer block) {
        long end = batch.position() + batch.size();
        long written = to;
        try {
            for (long at = batch.position(); at < end; at += block.limit()) {
                block.clear().limit((int) Math.min(block.capacity(), end - at));
                source.read(block, at);
                target.write(block.flip(), written);
                written += block.limit();
            }
        } catch (IOException e) {
            throw StorageException.of("cannot copy from " + source.path(), e);
        }
        return written;
    }

    /**
     * Lost records that were durable keep their offsets, because consumers may have seen them. A batch without records
     * has these offsets: a follower that finds nothing there would never reach the end of this log.
     */
    private void keepOffsets(long next, @Nullable RecoveryCheckpoint checkpoint) throws IOException {
        if (checkpoint == null || checkpoint.durable().offset() <= next) {
            return;
        }
        long goesOn = checkpoint.durable().offset();
        for (long from = next; from < goesOn; from += Integer.MAX_VALUE) {
            long last = Math.min(goesOn, from + Integer.MAX_VALUE) - 1;
            try (LogFile file = files.openForWriting(SegmentNames.log(directory, from))) {
                file.write(BatchHeader.withoutRecords(from, last, latestEpoch), 0);
                file.force();
            }
        }
        done.add("offsets from " + next + " to " + goesOn + " stay empty; the next record gets " + goesOn);
    }

    /** The file keeps its name until another one takes its place: without it the log would lack records. */
    private void copyAside(Path file, Path aside) throws IOException {
        CrossDeviceMove.copy(file, aside.resolve(file.getFileName()), files);
        done.add("moved " + file + " to " + aside);
    }

    private void moveAside(Path file, Path aside) throws IOException {
        if (files.exists(file)) {
            CrossDeviceMove.ofFile(file, aside.resolve(file.getFileName()), files);
            done.add("moved " + file + " to " + aside);
        }
    }

    /** Opens the log once, so that it is as after a clean stop, and deleted records stay deleted. */
    private void open(long logStart) {
        LogEnvironment environment = new LogEnvironment(Clock.systemUTC(), new MapBudget(1), files);
        try (PartitionLog repaired = PartitionLog.open(directory, LogConfig.DEFAULT, environment)) {
            repaired.recovery().damage().ifPresent(damage -> {
                throw new DamagedLogException(damage);
            });
            repaired.start().advanceTo(Math.min(logStart, repaired.logEndOffset()));
            repaired.checkpoint(0);
        }
    }
}
