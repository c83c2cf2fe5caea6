package io.aeon.storage.segment;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.batch.BatchScanner;
import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.file.StorageException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a segment. It is published as one value, so that no reader sees bytes without their offsets.
 *
 * @param position bytes of the whole batches
 * @param nextOffset offset after the last record
 * @param lastBatch position of the last batch, -1 if there is none or it is unknown
 * @param lastCrc the CRC in the last batch's header
 * @param max the segment's largest timestamp, null if it is unknown
 */
public record SegmentEnd(
        int position,
        long nextOffset,
        int lastBatch,
        int lastCrc,
        @Nullable MaxTimestamp max) {
    /** The largest timestamp, {@link MaxTimestamp#NONE} if it is unknown. */
    public MaxTimestamp maxOrNone() {
        return max == null ? MaxTimestamp.NONE : max;
    }

    /**
     * Checks that the file still has its name and its contents. Another process may have removed or cut it; a later
     * write would then leave a hole.
     *
     * @param durable the known durable contents of the file
     * @throws StorageException the file or a part of its contents is missing
     */
    public void requireIn(SegmentFile file, SegmentEnd durable) {
        if (file.size() < position) {
            throw new StorageException(file.path() + " was removed or cut by another process");
        }
        if (durable.lastBatch < 0) {
            return;
        }
        ByteBuffer header = ByteBuffer.allocate(BatchHeader.BYTES);
        if (file.read(header, durable.lastBatch) < BatchHeader.BYTES || BatchHeader.crc(header, 0) != durable.lastCrc) {
            throw new StorageException(file.path() + " was cut by another process, before " + durable.position);
        }
    }

    /** Whether the last batch is in the file, whole and as it was; true if there is none or it is unknown. */
    public boolean isIn(SegmentFile file) {
        if (file.size() < position) {
            return false;
        }
        if (lastBatch < 0) {
            return true;
        }
        BatchScanner batch = new BatchScanner(file, position);
        return batch.check(lastBatch) == null && batch.crc() == lastCrc && batch.lastOffset() + 1 == nextOffset;
    }

    /** The end of a segment without batches. */
    public static SegmentEnd empty(long baseOffset) {
        return new SegmentEnd(0, baseOffset, -1, 0, MaxTimestamp.NONE);
    }
}
