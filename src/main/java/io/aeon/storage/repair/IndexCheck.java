package io.aeon.storage.repair;

import io.aeon.storage.file.AtomicFile;
import io.aeon.storage.file.LogFiles;
import io.aeon.storage.segment.OffsetIndex;
import io.aeon.storage.segment.SegmentNames;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the offset index of a segment with the segment's batches. Keeps nothing but the index, because a segment may
 * have millions of batches. One thread.
 */
final class IndexCheck {
    private final Path path;
    private final long baseOffset;
    private final @Nullable ByteBuffer entries;

    /** Reads the index, which need not exist. */
    IndexCheck(Path directory, long baseOffset, LogFiles files) {
        this.path = SegmentNames.index(directory, baseOffset);
        this.baseOffset = baseOffset;
        this.entries = AtomicFile.read(files, path);
    }

    /** A whole batch of the segment; called in file order. */
    void batch(long position, long lastOffset) {
        ByteBuffer left = entries;
        if (left != null && hasEntry(left) && position(left) == position && lastOffset(left) == lastOffset) {
            left.position(left.position() + OffsetIndex.ENTRY_BYTES);
        }
    }

    /** What is wrong with the index, to be called after the last batch; empty if each entry has its batch. */
    Optional<Finding> wrong() {
        ByteBuffer left = entries;
        if (left == null) {
            return Optional.of(finding(0, "the index is missing; it is rebuilt when it is needed"));
        }
        return hasEntry(left)
                ? Optional.of(finding(
                        left.position(),
                        "no batch up to offset " + lastOffset(left) + " is at " + position(left)
                                + "; the index is rebuilt"))
                : Optional.empty();
    }

    private Finding finding(long position, String problem) {
        return new Finding(path, position, problem, false);
    }

    private static boolean hasEntry(ByteBuffer left) {
        return left.remaining() >= OffsetIndex.ENTRY_BYTES;
    }

    private long lastOffset(ByteBuffer left) {
        return baseOffset + left.getInt(left.position());
    }

    private static long position(ByteBuffer left) {
        return left.getInt(left.position() + Integer.BYTES);
    }
}
