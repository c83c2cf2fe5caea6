package io.aeon.storage.batch;

import io.aeon.storage.file.SegmentFile;
import io.aeon.storage.file.StorageException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment's batches from the file and checks each by its CRC, in a fixed amount of memory whatever lengths the
 * headers claim. One thread.
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

    /** @param fileSize bytes that may be read; no batch reaches further */
    public BatchScanner(SegmentFile file, long fileSize) {
        this.file = file;
        this.fileSize = fileSize;
        int windowBytes = (int) Math.min(WINDOW_BYTES, fileSize);
        this.window =
                ByteBuffer.allocate(windowBytes + BatchHeader.PREFIX_BYTES).limit(0);
    }

    /** Checks the batch at {@code at}; null if it is whole, else what is wrong with it. */
    @Nullable
    public String check(long at) {
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
        if (BatchHeader.lastOffsetDelta(header, 0) < 0 || baseOffset() < 0) {
            return "negative offsets";
        }
        return crcOf(at + BatchHeader.CHECKED_FROM, at + size) == BatchHeader.crc(header, 0) ? null : "wrong CRC";
    }

    /** The start of the batch, {@link BatchHeader#PREFIX_BYTES} if it has as many; valid until the next check. */
    public ByteBuffer header() {
        return header;
    }

    /** Where the batch begins that was checked last; so for all that follow. */
    public long position() {
        return position;
    }

    /** Its bytes, header included, by what it says. */
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

    /** Where the batch after this one begins; {@link Long#MAX_VALUE} if there is none that can be made out. */
    public long nextBaseOffset() {
        long at = position + size();
        if (fileSize - at < BatchHeader.BYTES) {
            return Long.MAX_VALUE;
        }
        load(at, BatchHeader.BYTES);
        int inWindow = (int) (at - windowStart);
        return BatchHeader.isV2(window, inWindow) ? BatchHeader.baseOffset(window, inWindow) : Long.MAX_VALUE;
    }

    /** Its largest timestamp. */
    public long maxTimestamp() {
        return BatchHeader.maxTimestamp(header, 0);
    }

    /** The leader epoch it was written in. */
    public int leaderEpoch() {
        return BatchHeader.leaderEpoch(header, 0);
    }

    /** The CRC-32C it says it has. */
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

    /** Has a whole header at {@code at} in the window. */
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
