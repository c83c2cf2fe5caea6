package io.aeon.storage.segment;

import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Puts the segment that compaction has made in the place of those it was made of, by Kafka's names: a file that is being
 * written ends in .cleaned, a finished one in .swap until the old ones are out of the way. A crash at any point leaves
 * what {@link #recover} completes or undoes.
 */
public final class SegmentSwap {
    private final LogDirectory directory;
    private final LogEnvironment environment;

    /** One for each directory will do, and a new one each time, too. */
    public SegmentSwap(LogDirectory directory, LogEnvironment environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /** The name while it is being written. */
    public static Path cleaned(Path file) {
        return file.resolveSibling(file.getFileName() + SegmentNames.CLEANED);
    }

    /** The name once it is whole and about to replace others. */
    public static Path swap(Path file) {
        return file.resolveSibling(file.getFileName() + SegmentNames.SWAP);
    }

    /** Nobody may look for a segment of {@code replaced} any more; {@code fresh} may be read already. */
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

    /** What is finished is not wanted any more: no start may take it up. */
    public void abandon(Segment fresh) {
        fresh.file().retire();
        try {
            for (Path file : SegmentNames.all(directory.path(), fresh.baseOffset())) {
                environment.files().delete(swap(file));
            }
        } catch (IOException e) {
            throw failed("clean", e);
        }
        directory.changed();
    }

    /** Completes the exchange that a crash cut short, or removes what was not finished. */
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
        return new StorageException("cannot " + what + " " + directory.path() + ": " + cause.getMessage(), cause);
    }
}
