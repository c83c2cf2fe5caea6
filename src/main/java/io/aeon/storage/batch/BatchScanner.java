package io.aeon.storage.batch;

import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.file.StorageException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the batches of one segment from its file and checks the CRC of each. The memory in use does not depend on the
 * lengths in the headers. One thread.
 */
public final class BatchScanner {
    private static final int WINDOW_BYTES = 256 << 10;

    private final SegmentFile file;
    private final long fileSize;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer window;
    private final ByteBuffer header = ByteBuffer.allocate(BatchHeader.PREFIX_BYTES);
    private long windowStart;
    private long position;

    /** @param fileSize readable bytes; a batch must end at or before this position */
    public BatchScanner(SegmentFile file, long fileSize) {
        this.file = file;
        this.fileSize = fileSize;
        int windowBytes = (int) Math.min(WINDOW_BYTES, fileSize);
        this.window =
                ByteBuffer.allocate(windowBytes + BatchHeader.PREFIX_BYTES).limit(0);
    }

    /** Checks the batch at {@code at}; returns null if it is valid, otherwise the reason why it is not. */
    @Nullable
    public String check(long at) {
        String wrong = checkHeader(at);
        if (wrong != null) {
            return wrong;
        }
        return crcOf(at + BatchHeader.CHECKED_FROM, at + size()) == BatchHeader.crc(header, 0) ? null : "wrong CRC";
    }

    /** Like {@link #check}, but without the CRC: reads only the header, whatever length that claims. */
    @Nullable
    public String checkHeader(long at) {
        position = at;
        if (fileSize - at < BatchHeader.BYTES) {
            return "the file ends inside a batch header";
        }
        int prefix = (int) Math.min(BatchHeader.PREFIX_BYTES, fileSize - at);
        load(at, prefix);
        int inWindow = (int) (at - windowStart);
        header.clear()
                .put(window.duplicate().position(inWindow).limit(inWindow + prefix))
                .flip();
        long size = size();
        if (size < BatchHeader.BYTES || at + size > fileSize) {
            return "a batch of " + size + " bytes does not fit into the file";
        }
        if (!BatchHeader.isV2(header, 0)) {
            return "not a v2 batch";
        }
        return BatchHeader.lastOffsetDelta(header, 0) < 0 || baseOffset() < 0 ? "negative offsets" : null;
    }

    /**
     * The first {@link BatchHeader#PREFIX_BYTES} bytes of the batch, or the whole batch if it is shorter; valid until
     * the next check.
     */
    public ByteBuffer header() {
        return header;
    }

    /** Position of the batch that was checked last. The methods below describe the same batch. */
    public long position() {
        return position;
    }

    /** Bytes of the batch with its header, as the header claims. */
    public long size() {
        return BatchHeader.sizeInBytes(header, 0);
    }

    /** Offset of its first record. */
    public long baseOffset() {
        return BatchHeader.baseOffset(header, 0);
    }

    /** Offset of its last record. */
    public long lastOffset() {
        return BatchHeader.lastOffset(header, 0);
    }

    /** The base offset of the next batch; {@link Long#MAX_VALUE} if no next batch can be found. */
    public long nextBaseOffset() {
        long at = position + size();
        if (fileSize - at < BatchHeader.BYTES) {
            return Long.MAX_VALUE;
        }
        load(at, BatchHeader.BYTES);
        int inWindow = (int) (at - windowStart);
        return BatchHeader.isV2(window, inWindow) ? BatchHeader.baseOffset(window, inWindow) : Long.MAX_VALUE;
    }

    /** The batch's largest timestamp in milliseconds since the epoch, -1 if there is none. */
    public long maxTimestamp() {
        return BatchHeader.maxTimestamp(header, 0);
    }

    /** The leader epoch in which the batch was written. */
    public int leaderEpoch() {
        return BatchHeader.leaderEpoch(header, 0);
    }

    /** The CRC-32C in the header. */
    public int crc() {
        return BatchHeader.crc(header, 0);
    }

    private int crcOf(long from, long to) {
        crc.reset();
        for (long at = from; at < to; at = Math.min(to, windowStart + window.limit())) {
            if (at >= windowStart + window.limit()) {
                read(at);
            }
            int start = (int) (at - windowStart);
            int end = (int) Math.min(to - windowStart, window.limit());
            crc.update(window.duplicate().position(start).limit(end));
        }
        return (int) crc.getValue();
    }

    /** Loads the whole header at {@code at} into the window. */
    private void load(long at, int bytes) {
        if (at < windowStart || at + bytes > windowStart + window.limit()) {
            read(at);
        }
    }

    private void read(long at) {
        window.clear();
        file.read(window, at);
        window.flip();
        windowStart = at;
        if (!window.hasRemaining()) {
            throw new StorageException(file.path() + " ended at " + at + " while it was read");
        }
    }
}
