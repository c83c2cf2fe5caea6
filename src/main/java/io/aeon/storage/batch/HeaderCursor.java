package io.aeon.storage.batch;

import io.aeon.storage.file.SegmentFile;
import java.nio.ByteBuffer;

/**
 * Walks forward over the batch headers of one segment and reads the file in blocks. It never reads through the memory
 * map, because the walk may cover pages that are not in memory. One thread.
 */
public final class HeaderCursor {
    private static final int BLOCK_BYTES = 4096;

    private final SegmentFile file;
    private final int limit;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).limit(0);
    private int blockStart;
    private int position;
    private int at;
    private long nextOffset = Damage.UNKNOWN;

    /** @param limit end of the segment's whole batches */
    public HeaderCursor(SegmentFile file, int limit) {
        this.file = file;
        this.limit = limit;
    }

    /**
     * Moves to the batch at {@code newPosition}; returns false if that is the limit.
     *
     * @throws DamagedLogException no batch begins at this position
     */
    public boolean moveTo(int newPosition) {
        nextOffset = Damage.UNKNOWN;
        return go(newPosition, BLOCK_BYTES);
    }

    /** Moves to the next batch; returns false at the end. After that the cursor has no batch. */
    public boolean next() {
        nextOffset = lastOffset() + 1;
        return go(end(), size() < BLOCK_BYTES ? BLOCK_BYTES : BatchHeader.PREFIX_BYTES);
    }

    /**
     * @param most maximum number of bytes to read: after a batch larger than a block, a block rarely holds several
     *     batches
     */
    private boolean go(int newPosition, int most) {
        position = newPosition;
        if (position >= limit) {
            return false;
        }
        int prefix = Math.min(BatchHeader.PREFIX_BYTES, limit - position);
        if (position < blockStart || position - blockStart > block.limit() - prefix) {
            block.clear().limit(most);
            file.read(block, position);
            block.flip();
            blockStart = position;
        }
        at = position - blockStart;
        if (block.limit() - at < BatchHeader.BYTES
                || !BatchHeader.isV2(block, at)
                || sizeOnDisk() < BatchHeader.BYTES
                || position + sizeOnDisk() > limit) {
            throw new DamagedLogException(new Damage(file.path(), position, nextOffset, "no record batch is there"));
        }
        return true;
    }

    /** Position of the current batch. The methods below describe the same batch. */
    public int position() {
        return position;
    }

    /** Position of the next batch. */
    public int end() {
        return position + size();
    }

    /** Bytes of the batch with its header. */
    public int size() {
        return (int) sizeOnDisk();
    }

    /** Offset of its first record. */
    public long baseOffset() {
        return BatchHeader.baseOffset(block, at);
    }

    /** Offset of its last record. */
    public long lastOffset() {
        return BatchHeader.lastOffset(block, at);
    }

    /** The batch's largest timestamp in milliseconds since the epoch, -1 if there is none. */
    public long maxTimestamp() {
        return BatchHeader.maxTimestamp(block, at);
    }

    /** Whether compaction kept only the header. */
    public boolean isEmpty() {
        return BatchHeader.recordCount(block, at) == 0;
    }

    /** The leader epoch in which the batch was written. */
    public int leaderEpoch() {
        return BatchHeader.leaderEpoch(block, at);
    }

    /** The CRC-32C in the header. */
    public int crc() {
        return BatchHeader.crc(block, at);
    }

    /**
     * The first {@link BatchHeader#PREFIX_BYTES} bytes of the batch, or the whole batch if it is shorter; valid until
     * the next move.
     */
    public ByteBuffer prefix() {
        return block.slice(at, Math.min(BatchHeader.PREFIX_BYTES, block.limit() - at));
    }

    private long sizeOnDisk() {
        return BatchHeader.sizeInBytes(block, at);
    }
}
