package io.aeon.storage.segment;

import io.aeon.storage.batch.HeaderCursor;
import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The part of one segment that remains when all batches that reach a given offset are removed. For the log's owner. */
public final class SegmentCut {
    private static final int COPY_BYTES = 256 << 10;

    private final Segment segment;
    private final SegmentIndex index;
    private final SegmentEnd end;

    private SegmentCut(Segment segment, SegmentIndex index, SegmentEnd end) {
        this.segment = segment;
        this.index = index;
        this.end = end;
    }

    /** Finds the place of the cut and changes nothing. */
    public static SegmentCut before(long offset, Segment segment, SegmentConfig config) {
        SegmentIndex index = new SegmentIndex(segment.baseOffset());
        SegmentEnd end = SegmentEnd.empty(segment.baseOffset());
        HeaderCursor cursor = new HeaderCursor(segment.file(), segment.size());
        for (boolean found = cursor.moveTo(0); found && cursor.lastOffset() < offset; found = cursor.next()) {
            index.add(
                    cursor.position(),
                    cursor.size(),
                    cursor.lastOffset(),
                    cursor.maxTimestamp(),
                    config.indexIntervalBytes());
            end = new SegmentEnd(cursor.end(), cursor.lastOffset() + 1, cursor.position(), cursor.crc(), index.max());
        }
        return new SegmentCut(segment, index, end);
    }

    /** The segment's end after the cut. */
    public SegmentEnd end() {
        return end;
    }

    /** The segment after the cut. It can be read immediately, and appended to after {@link #cutFile}. */
    public Segment rest(Path directory, LeaderEpochs epochs, LogEnvironment environment) {
        Path log = segment.file().path();
        return Segment.known(directory, log, segment.baseOffset(), end, end.position(), index, epochs, environment);
    }

    /**
     * Cuts the file, durably. If readers have borrowed slices of the old file, the rest is copied to a new file, which
     * gets the old file's name.
     *
     * @param rest the result of {@link #rest}; the segment itself is retired
     */
    public void cutFile(Segment rest, LogEnvironment environment) {
        Path log = segment.file().path();
        try {
            if (segment.file().isLent()) {
                copy(rest.file(), log, environment);
            } else {
                cut(log, environment);
            }
        } catch (IOException e) {
            throw StorageException.of("cannot cut " + log + " at " + end.position(), e);
        }
    }

    private void cut(Path log, LogEnvironment environment) throws IOException {
        try (LogFile file = environment.files().openForWriting(log)) {
            file.truncate(end.position());
            file.force();
        }
    }

    private void copy(SegmentFile from, Path log, LogEnvironment environment) throws IOException {
        Path copy = log.resolveSibling(log.getFileName() + AtomicFile.TEMPORARY);
        environment.files().delete(copy);
        ByteBuffer block = ByteBuffer.allocate(COPY_BYTES);
        try (LogFile file = environment.files().openForWriting(copy)) {
            for (int at = 0; at < end.position(); at += block.limit()) {
                from.read(block.clear().limit(Math.min(COPY_BYTES, end.position() - at)), at);
                file.write(block.flip(), at);
            }
            file.force();
        }
        environment.files().rename(copy, log);
        environment.files().forceParent(log);
        from.evict(false);
    }
}
