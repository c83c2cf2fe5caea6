package io.aeon.storage.segment;

import io.aeon.storage.batch.BatchHeader;
import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.file.StorageException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How far a segment reaches, published as one value so that no reader sees bytes without their offsets.
 *
 * @param position bytes of whole batches
 * @param nextOffset offset after its last record
 * @param lastBatch position of its last batch, -1 if it has none or nobody has looked
 * @param lastCrc the CRC in that batch's header
 * @param max its largest timestamp, null if nobody has looked
 */
public record SegmentEnd(
        int position,
        long nextOffset,
        int lastBatch,
        int lastCrc,
        @Nullable MaxTimestamp max) {
    /** {@link MaxTimestamp#NONE} also if nobody has looked. */
    public MaxTimestamp maxOrNone() {
        return max == null ? MaxTimestamp.NONE : max;
    }

    /**
     * Sees that the file is still where its name says, and holds what it did: somebody may have removed or cut it, and a
     * later write fills it up again.
     *
     * @param durable what the file is known to have held
     * @throws StorageException it is not, or does not
     */
    public void requireIn(SegmentFile file, SegmentEnd durable) {
        if (file.size() < position) {
            throw new StorageException(file.path() + " was removed or cut by somebody else");
        }
        if (durable.lastBatch < 0) {
            return;
        }
        ByteBuffer header = ByteBuffer.allocate(BatchHeader.BYTES);
        if (file.read(header, durable.lastBatch) < BatchHeader.BYTES || BatchHeader.crc(header, 0) != durable.lastCrc) {
            throw new StorageException(file.path() + " was cut by somebody else, before " + durable.position);
        }
    }

    /** Of a segment without batches. */
    public static SegmentEnd empty(long baseOffset) {
        return new SegmentEnd(0, baseOffset, -1, 0, MaxTimestamp.NONE);
    }
}
