package io.aeon.storage.batch;

import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.file.StorageException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the whole batches in a part of a segment, in large blocks, and checks the CRC of each batch. Compaction needs
 * this: without the check it would write damaged bytes under a new, valid CRC. One thread.
 */
public final class BatchBlocks {
    private final SegmentFile file;
    private final int end;
    private ByteBuffer block;
    private int next;

    /** @param blockBytes bytes per read; a larger batch is read in one piece */
    public BatchBlocks(SegmentFile file, int from, int end, int blockBytes) {
        this.file = file;
        this.next = from;
        this.end = end;
        this.block =
                ByteBuffer.allocate(Math.max(blockBytes, BatchHeader.BYTES)).limit(0);
    }

    /**
     * The next batch, between position and limit of a heap buffer; null after the last one. Valid until the next call.
     *
     * @throws StorageException the batch is damaged
     */
    @Nullable
    public ByteBuffer next() {
        if (next >= end) {
            return null;
        }
        have(BatchHeader.BYTES);
        int at = block.position();
        long size = BatchHeader.sizeInBytes(block, at);
        if (!BatchHeader.isV2(block, at) || size < BatchHeader.BYTES || size > end - next) {
            throw new StorageException(file.path() + " has no record batch at " + next);
        }
        have((int) size);
        at = block.position();
        if (BatchHeader.computeCrc(block, at) != BatchHeader.crc(block, at)) {
            throw new StorageException(file.path() + " is damaged at " + next + ": wrong CRC");
        }
        block.position(at + (int) size);
        next += (int) size;
        return block.duplicate().limit(at + (int) size).position(at);
    }

    private void have(int bytes) {
        if (block.remaining() >= bytes) {
            return;
        }
        if (block.capacity() < bytes) {
            block = ByteBuffer.allocate(bytes).put(block).flip();
        }
        int kept = block.compact().position();
        block.limit(Math.min(block.capacity(), kept + Math.max(end - next - kept, 0)));
        file.read(block, (long) next + kept);
        block.flip();
        if (block.remaining() < bytes) {
            throw new StorageException(file.path() + " ends inside the batch at " + next);
        }
    }
}
