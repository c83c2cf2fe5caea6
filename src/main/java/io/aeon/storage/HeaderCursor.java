package io.aeon.storage;

import java.nio.ByteBuffer;

/**
 * Walks forward over the batch headers of one segment, reading the file a block at a time. Never through the map: a walk
 * may be over pages that are not in memory. One thread.
 */
final class HeaderCursor {
    private static final int BLOCK_BYTES = 4096;

    private final SegmentFile file;
    private final int limit;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).limit(0);
    private int blockStart;
    private int position;
    private int at;
    private long nextOffset = Damage.UNKNOWN;

    /** @param limit where the segment's whole batches end */
    HeaderCursor(SegmentFile file, int limit) {
        this.file = file;
        this.limit = limit;
    }

    /**
     * Moves to the batch that starts at {@code newPosition}; false when that is the limit.
     *
     * @throws DamagedLogException there is no batch at that place
     */
    boolean moveTo(int newPosition) {
        nextOffset = Damage.UNKNOWN;
        return go(newPosition);
    }

    boolean next() {
        nextOffset = lastOffset() + 1;
        return go(end());
    }

    private boolean go(int newPosition) {
        position = newPosition;
        if (position >= limit) {
            return false;
        }
        int prefix = Math.min(BatchHeader.PREFIX_BYTES, limit - position);
        if (position < blockStart || position - blockStart > block.limit() - prefix) {
            block.clear();
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

    int position() {
        return position;
    }

    /** Where the next batch starts. */
    int end() {
        return position + size();
    }

    int size() {
        return (int) sizeOnDisk();
    }

    long baseOffset() {
        return BatchHeader.baseOffset(block, at);
    }

    long lastOffset() {
        return BatchHeader.lastOffset(block, at);
    }

    long maxTimestamp() {
        return BatchHeader.maxTimestamp(block, at);
    }

    /** Whether compaction has left the header alone. */
    boolean isEmpty() {
        return BatchHeader.recordCount(block, at) == 0;
    }

    int leaderEpoch() {
        return BatchHeader.leaderEpoch(block, at);
    }

    int crc() {
        return BatchHeader.crc(block, at);
    }

    /** The start of the batch, {@link BatchHeader#PREFIX_BYTES} if it has as many; until the next move. */
    ByteBuffer prefix() {
        return block.slice(at, Math.min(BatchHeader.PREFIX_BYTES, block.limit() - at));
    }

    private long sizeOnDisk() {
        return BatchHeader.sizeInBytes(block, at);
    }
}
