package io.aeon.storage.batch;

import io.aeon.storage.file.SegmentFile;
import java.nio.ByteBuffer;

/**
 * Walks forward over the batch headers of one segment, reading the file a block at a time. Never through the map: a walk
 * may be over pages that are not in memory. One thread.
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

    /** @param limit where the segment's whole batches end */
    public HeaderCursor(SegmentFile file, int limit) {
        this.file = file;
        this.limit = limit;
    }

    /**
     * Moves to the batch that starts at {@code newPosition}; false when that is the limit.
     *
     * @throws DamagedLogException there is no batch at that place
     */
    public boolean moveTo(int newPosition) {
        nextOffset = Damage.UNKNOWN;
        return go(newPosition, BLOCK_BYTES);
    }

    /** Moves to the batch behind; false at the end, and then nothing can be asked. */
    public boolean next() {
        nextOffset = lastOffset() + 1;
        return go(end(), size() < BLOCK_BYTES ? BLOCK_BYTES : BatchHeader.PREFIX_BYTES);
    }

    /** @param most bytes to read: after a batch larger than a block there will hardly be several in one */
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

    /** Where the batch begins; so for all that follow, of the batch the cursor is at. */
    public int position() {
        return position;
    }

    /** Where the next batch starts. */
    public int end() {
        return position + size();
    }

    /** Its bytes, header included. */
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

    /** Its largest timestamp. */
    public long maxTimestamp() {
        return BatchHeader.maxTimestamp(block, at);
    }

    /** Whether compaction has left the header alone. */
    public boolean isEmpty() {
        return BatchHeader.recordCount(block, at) == 0;
    }

    /** The leader epoch it was written in. */
    public int leaderEpoch() {
        return BatchHeader.leaderEpoch(block, at);
    }

    /** The CRC-32C it says it has. */
    public int crc() {
        return BatchHeader.crc(block, at);
    }

    /** The start of the batch, {@link BatchHeader#PREFIX_BYTES} if it has as many; until the next move. */
    public ByteBuffer prefix() {
        return block.slice(at, Math.min(BatchHeader.PREFIX_BYTES, block.limit() - at));
    }

    private long sizeOnDisk() {
        return BatchHeader.sizeInBytes(block, at);
    }
}
