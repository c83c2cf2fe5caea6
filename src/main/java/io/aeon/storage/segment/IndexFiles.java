package io.aeon.storage.segment;

import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.Checksum;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.file.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A segment's .index and .timeindex files. Both are caches and are rebuilt from the log if in doubt. Thread-safe. */
public final class IndexFiles {
    private final Path offsetsPath;
    private final Path timesPath;
    private final long baseOffset;
    private final LogFiles files;

    /** The files need not exist. */
    public IndexFiles(Path directory, long baseOffset, LogFiles files) {
        this.offsetsPath = SegmentNames.index(directory, baseOffset);
        this.timesPath = SegmentNames.timeIndex(directory, baseOffset);
        this.baseOffset = baseOffset;
        this.files = files;
    }

    /** CRCs of both files. */
    public record Checksums(int offsets, int times) {}

    /** Bytes of the larger file. */
    long bytes() {
        return Math.max(bytes(offsetsPath), bytes(timesPath));
    }

    private long bytes(Path file) {
        try {
            return files.exists(file) ? files.size(file) : 0;
        } catch (IOException e) {
            throw StorageException.of("cannot stat " + file, e);
        }
    }

    /** The offset index, null if it must be rebuilt. */
    @Nullable
    OffsetIndex readOffsets(int segmentSize) {
        ByteBuffer bytes = AtomicFile.read(files, offsetsPath);
        return bytes == null ? null : OffsetIndex.decode(baseOffset, bytes, segmentSize);
    }

    /** The time index, null if it must be rebuilt. */
    @Nullable
    TimeIndex readTimes() {
        ByteBuffer bytes = AtomicFile.read(files, timesPath);
        return bytes == null || !bytes.hasRemaining() ? null : TimeIndex.decode(baseOffset, bytes);
    }

    /** Both indexes, null unless the files have exactly the checksums {@code expected}. */
    @Nullable
    public SegmentIndex read(Checksums expected, int segmentSize) {
        ByteBuffer offsetBytes = AtomicFile.read(files, offsetsPath);
        ByteBuffer timeBytes = AtomicFile.read(files, timesPath);
        if (offsetBytes == null
                || timeBytes == null
                || !expected.equals(new Checksums(Checksum.of(offsetBytes), Checksum.of(timeBytes)))) {
            return null;
        }
        OffsetIndex offsets = OffsetIndex.decode(baseOffset, offsetBytes, segmentSize);
        TimeIndex times = TimeIndex.decode(baseOffset, timeBytes);
        return offsets == null || times == null ? null : new SegmentIndex(offsets, times, segmentSize);
    }

    /** Writes the entries of {@code index} for the batches before {@code end}. */
    Checksums write(SegmentIndex index, SegmentEnd end, boolean durable) {
        ByteBuffer offsetBytes = index.offsets().encode(end.position());
        ByteBuffer timeBytes = index.times().encode(end.nextOffset(), end.maxOrNone());
        Checksums checksums = new Checksums(Checksum.of(offsetBytes), Checksum.of(timeBytes));
        if (durable) {
            AtomicFile.replace(files, offsetsPath, offsetBytes);
            AtomicFile.replace(files, timesPath, timeBytes);
        } else {
            AtomicFile.replaceCache(files, offsetsPath, offsetBytes);
            AtomicFile.replaceCache(files, timesPath, timeBytes);
        }
        return checksums;
    }
}
