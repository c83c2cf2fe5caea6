package io.aeon.protocol;

import java.util.List;

/**
 * A response's bytes, length included, to be taken piece by piece: those of {@link DeferredRecords} are copied when
 * their piece is taken, so a large response never is in memory as a whole. Not thread-safe.
 */
public final class ResponseFrame {
    private final byte[] fixed;
    private final List<Insertion> insertions;
    private int remaining;
    private int fixedTaken;
    private int insertion;
    private int insertedTaken;

    /**
     * @param fixed all bytes but those of deferred records
     * @param insertions deferred records by their places, in order
     */
    ResponseFrame(byte[] fixed, List<Insertion> insertions) {
        this.fixed = fixed;
        this.insertions = insertions;
        this.remaining = fixed.length;
        insertions.forEach(each -> remaining = Math.addExact(remaining, each.records.sizeInBytes()));
    }

    /** Bytes not taken yet. */
    public int remaining() {
        return remaining;
    }

    /**
     * Takes the next piece.
     *
     * @return an array of its own, of {@code most} bytes or of all that remain
     */
    public byte[] take(int most) {
        if (insertions.isEmpty() && remaining == fixed.length && remaining <= most) {
            remaining = 0;
            return fixed;
        }
        byte[] piece = new byte[Math.min(most, remaining)];
        int filled = 0;
        while (filled < piece.length) {
            filled += copy(piece, filled);
        }
        remaining -= filled;
        return piece;
    }

    /** Copies up to the next border between fixed bytes and records. */
    private int copy(byte[] piece, int filled) {
        boolean atEnd = insertion == insertions.size();
        int border = atEnd ? fixed.length : insertions.get(insertion).at;
        if (fixedTaken < border) {
            int length = Math.min(border - fixedTaken, piece.length - filled);
            System.arraycopy(fixed, fixedTaken, piece, filled, length);
            fixedTaken += length;
            return length;
        }
        DeferredRecords records = insertions.get(insertion).records;
        int length = Math.min(records.sizeInBytes() - insertedTaken, piece.length - filled);
        records.copyTo(insertedTaken, length, piece, filled);
        insertedTaken += length;
        if (insertedTaken == records.sizeInBytes()) {
            insertion++;
            insertedTaken = 0;
        }
        return length;
    }

    /**
     * Records between two fixed bytes.
     *
     * @param at fixed bytes before them
     */
    record Insertion(int at, DeferredRecords records) {}
}
