package io.aeon.storage.segment;

import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Replaces segments by the segment that compaction made of them, with Kafka's file names: an unfinished file ends in
 * .cleaned, a finished file ends in .swap until the old files are removed. After a crash at any point, {@link #recover}
 * completes or undoes the replacement.
 */
public final class SegmentSwap {
    private final LogDirectory directory;
    private final LogEnvironment environment;

    /** The object has no state of its own; a directory may have one or many. */
    public SegmentSwap(LogDirectory directory, LogEnvironment environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /** The file's name while it is being written. */
    public static Path cleaned(Path file) {
        return file.resolveSibling(file.getFileName() + SegmentNames.CLEANED);
    }

    /** The file's name after it is finished and before it replaces others. */
    public static Path swap(Path file) {
        return file.resolveSibling(file.getFileName() + SegmentNames.SWAP);
    }

    /** No reader may look up a segment of {@code replaced} any more; {@code fresh} may be read already. */
    public void complete(Segment fresh, List<Segment> replaced, long deleteDueMs) {
        long base = fresh.baseOffset();
        for (Segment segment : replaced) {
            segment.file().retire();
            directory.discard(SegmentNames.replaceable(directory.path(), segment.baseOffset()), deleteDueMs);
        }
        fresh.file().renameTo(SegmentNames.log(directory.path(), base));
        directory.changed();
        directory.force();
        fresh.seal();
    }

    /** Deletes the files of a finished segment that is not needed any more, so that no start uses them. */
    public void abandon(Segment fresh) {
        fresh.file().retire();
        deleteSwaps(new long[] {fresh.baseOffset()});
        directory.changed();
    }

    /**
     * Deletes the files of all finished segments, durably, because the records of the log that they contain are about to
     * change. An earlier deletion of such a file is durable then, too.
     */
    public void abandonAll() {
        List<String> names = directory.list();
        deleteSwaps(SegmentNames.swaps(names));
        if (!names.isEmpty()) {
            directory.changed();
        }
        directory.force();
    }

    /**
     * Deletes the files of the finished segments with a base offset below {@code baseOffset}, durably, because all
     * segments before it are about to be removed: a start would bring back the records that they contain.
     */
    public void abandonBefore(long baseOffset) {
        long[] finished = LongStream.of(SegmentNames.swaps(directory.list()))
                .filter(base -> base < baseOffset)
                .toArray();
        if (finished.length > 0) {
            deleteSwaps(finished);
            directory.changed();
            directory.force();
        }
    }

    private void deleteSwaps(long[] bases) {
        try {
            for (long base : bases) {
                for (Path file : SegmentNames.all(directory.path(), base)) {
                    environment.files().delete(swap(file));
                }
            }
        } catch (IOException e) {
            throw failed("clean", e);
        }
    }

    /** Completes a replacement that a crash interrupted, or removes unfinished files. */
    public void recover() {
        try {
            List<String> names = directory.list();
            for (long base : SegmentNames.unfinished(names)) {
                removeUnfinished(base);
            }
            for (long base : SegmentNames.swaps(names)) {
                complete(base, SegmentNames.baseOffsets(names));
            }
        } catch (IOException e) {
            throw failed("recover", e);
        }
    }

    private void removeUnfinished(long base) throws IOException {
        for (Path file : SegmentNames.all(directory.path(), base)) {
            environment.files().delete(cleaned(file));
            environment.files().delete(swap(file));
        }
        directory.changed();
        directory.force();
    }

    private void complete(long base, long[] present) throws IOException {
        Path log = SegmentNames.log(directory.path(), base);
        if (environment.files().exists(swap(log))) {
            long next = nextOffset(base, swap(log));
            for (long old : present) {
                if (old >= base && old < next) {
                    removeOld(old);
                }
            }
            environment.files().rename(swap(log), log);
        }
        for (Path file : SegmentNames.all(directory.path(), base)) {
            takeOver(file);
        }
        directory.changed();
        directory.force();
    }

    private void removeOld(long old) throws IOException {
        for (Path file : SegmentNames.replaceable(directory.path(), old)) {
            environment.files().delete(file);
        }
    }

    private long nextOffset(long base, Path log) {
        SegmentFile file = new SegmentFile(log, environment.files(), environment.maps());
        try {
            long next = base;
            HeaderCursor cursor = new HeaderCursor(file, Math.toIntExact(file.size()));
            for (boolean found = cursor.moveTo(0); found; found = cursor.next()) {
                next = cursor.lastOffset() + 1;
            }
            return Math.max(next, base + 1);
        } finally {
            file.retire();
        }
    }

    private void takeOver(Path file) throws IOException {
        if (environment.files().exists(swap(file))) {
            environment.files().rename(swap(file), file);
        }
    }

    private StorageException failed(String what, IOException cause) {
        return StorageException.of("cannot " + what + " " + directory.path(), cause);
    }
}
