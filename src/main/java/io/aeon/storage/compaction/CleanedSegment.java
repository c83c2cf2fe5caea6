package io.aeon.storage.compaction;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.file.LogEnvironment;
import io.aeon.storage.file.LogFile;
import io.aeon.storage.file.StorageException;
import io.aeon.storage.segment.LeaderEpochs;
import io.aeon.storage.segment.LogDirectory;
import io.aeon.storage.segment.Segment;
import io.aeon.storage.segment.SegmentConfig;
import io.aeon.storage.segment.SegmentEnd;
import io.aeon.storage.segment.SegmentIndex;
import io.aeon.storage.segment.SegmentNames;
import io.aeon.storage.segment.SegmentSwap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A segment that compaction is writing. Its file has a temporary name until {@link #finish}, so that no start uses it
 * before. One thread.
 */
final class CleanedSegment implements AutoCloseable {
    private final LogDirectory directory;
    private final long baseOffset;
    private final SegmentConfig config;
    private final LogEnvironment environment;
    private final SegmentIndex index;
    private final LogFile file;
    private final ByteBuffer block;
    private Path path;
    private SegmentEnd end;
    private int written;
    private boolean finished;

    CleanedSegment(
            LogDirectory directory, long baseOffset, SegmentConfig config, LogEnvironment environment, int blockBytes) {
        this.directory = directory;
        this.baseOffset = baseOffset;
        this.config = config;
        this.environment = environment;
        this.path = SegmentSwap.cleaned(SegmentNames.log(directory.path(), baseOffset));
        this.index = new SegmentIndex(baseOffset);
        this.end = SegmentEnd.empty(baseOffset);
        this.block = ByteBuffer.allocate(blockBytes);
        try {
            environment.files().delete(path);
            this.file = environment.files().openForWriting(path);
        } catch (IOException e) {
            throw failed("create", e);
        }
    }

    void append(ByteBuffer batch) {
        int size = batch.remaining();
        if (size > Integer.MAX_VALUE - end.position()) {
            throw new StorageException(path + " would become larger than the maximum size of a segment");
        }
        int at = batch.position();
        long lastOffset = BatchHeader.lastOffset(batch, at);
        index.add(end.position(), size, lastOffset, BatchHeader.maxTimestamp(batch, at), config.indexIntervalBytes());
        end = new SegmentEnd(
                end.position() + size, lastOffset + 1, end.position(), BatchHeader.crc(batch, at), index.max());
        if (size > block.remaining()) {
            write(block.flip());
            block.clear();
        }
        if (size > block.remaining()) {
            write(batch.duplicate());
        } else {
            block.put(batch.duplicate());
        }
    }

    int size() {
        return end.position();
    }

    /** Makes the whole segment durable. */
    void force() {
        write(block.flip());
        try {
            file.force();
        } catch (IOException e) {
            throw failed("force", e);
        }
    }

    /** Gives the forced segment, durably, the name under which a start completes the replacement. */
    Segment finish(long nextOffset, LeaderEpochs epochs) {
        Path finishedPath = SegmentSwap.swap(SegmentNames.log(directory.path(), baseOffset));
        try {
            environment.files().rename(path, finishedPath);
            path = finishedPath;
        } catch (IOException e) {
            throw failed("finish", e);
        }
        directory.changed();
        directory.force();
        finished = true;
        SegmentEnd whole = new SegmentEnd(end.position(), nextOffset, end.lastBatch(), end.lastCrc(), end.max());
        return Segment.known(directory.path(), finishedPath, baseOffset, whole, 0, index, epochs, environment);
    }

    /** Also deletes an unfinished file, or one whose final name is not durable. */
    @Override
    public void close() {
        try {
            file.close();
            if (!finished) {
                environment.files().delete(path);
                environment.files().trust(path);
            }
        } catch (IOException e) {
            throw failed("close", e);
        }
    }

    private void write(ByteBuffer bytes) {
        int size = bytes.remaining();
        try {
            file.write(bytes, written);
        } catch (IOException e) {
            throw failed("write", e);
        }
        written += size;
    }

    private StorageException failed(String what, IOException cause) {
        return StorageException.of("cannot " + what + " " + path, cause);
    }
}
