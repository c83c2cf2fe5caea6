package io.aeon.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * A response's bytes with their length field, to be taken piece by piece. Those of {@link DeferredRecords} are read
 * when their piece is taken, so a large response is never in memory as a whole. Not thread-safe.
 */
public final class ResponseFrame {
    /** Fewer bytes are copied, because that is faster than a system call of their own. */
    private static final int BULK = 32 << 10;

    private final byte[] fixed;
    private final List<Insertion> insertions;
    private int remaining;
    private int fixedTaken;
    private int insertion;
    private int insertedTaken;

    /**
     * @param fixed all bytes except those of deferred records
     * @param insertions deferred records in the order of their positions
     */
    ResponseFrame(byte[] fixed, List<Insertion> insertions) {
        this.fixed = fixed;
        this.insertions = insertions;
        this.remaining = fixed.length;
        insertions.forEach(each -> remaining = Math.addExact(remaining, each.records.sizeInBytes()));
    }

    /** Number of bytes not taken yet. */
    public int remaining() {
        return remaining;
    }

    /**
     * Number of bytes before the next records that are large enough for {@link #transferTo}; {@link #remaining} if
     * there are none.
     */
    public int toBulk() {
        int bytes = 0;
        int at = fixedTaken;
        for (int i = insertion; i < insertions.size(); i++) {
            Insertion next = insertions.get(i);
            int size = i == insertion ? insertedRemaining() : next.records.sizeInBytes();
            bytes += next.at - at;
            if (size >= BULK) {
                return bytes;
            }
            bytes += size;
            at = next.at;
        }
        return remaining;
    }

    /**
     * Writes bytes of the next records, as many as the socket takes at once.
     *
     * @param most upper bound in bytes
     * @return number of bytes written
     * @throws IOException the records cannot be read, or the socket cannot be written; {@link #take} tells which
     */
    public int transferTo(WritableByteChannel socket, int most) throws IOException {
        DeferredRecords records = insertions.get(insertion).records;
        int written = records.transferTo(insertedTaken, Math.min(most, insertedRemaining()), socket);
        inserted(written);
        remaining -= written;
        return written;
    }

    /** Heap bytes of the frame, until all are taken. */
    public int fixedBytes() {
        return fixed.length;
    }

    /**
     * Takes the next piece.
     *
     * @return {@code most} bytes or all that remain, in an array that does not change any more; a response without
     *     records is not copied
     */
    public ByteBuffer take(int most) {
        if (insertions.isEmpty()) {
            ByteBuffer piece = ByteBuffer.wrap(fixed, fixedTaken, Math.min(most, remaining));
            fixedTaken += piece.remaining();
            remaining -= piece.remaining();
            return piece;
        }
        byte[] piece = new byte[Math.min(most, remaining)];
        int filled = 0;
        while (filled < piece.length) {
            filled += copy(piece, filled);
        }
        remaining -= filled;
        return ByteBuffer.wrap(piece);
    }

    private int border() {
        return insertion == insertions.size() ? fixed.length : insertions.get(insertion).at;
    }

    private int insertedRemaining() {
        return insertions.get(insertion).records.sizeInBytes() - insertedTaken;
    }

    private void inserted(int bytes) {
        insertedTaken += bytes;
        if (insertedRemaining() == 0) {
            insertion++;
            insertedTaken = 0;
        }
    }

    /** Copies up to the next border between fixed bytes and records. */
    private int copy(byte[] piece, int filled) {
        int border = border();
        if (fixedTaken < border) {
            int length = Math.min(border - fixedTaken, piece.length - filled);
            System.arraycopy(fixed, fixedTaken, piece, filled, length);
            fixedTaken += length;
            return length;
        }
        DeferredRecords records = insertions.get(insertion).records;
        int length = Math.min(insertedRemaining(), piece.length - filled);
        records.copyTo(insertedTaken, length, piece, filled);
        inserted(length);
        return length;
    }

    /**
     * Records between two fixed bytes.
     *
     * @param at number of fixed bytes before the records
     */
    record Insertion(int at, DeferredRecords records) {}
}
