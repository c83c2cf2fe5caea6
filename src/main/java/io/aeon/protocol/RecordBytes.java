package io.aeon.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a batch's records: an array, or a window over a stream that decompresses them. Reading more than there
 * is ends in an {@link InvalidRecordException}.
 */
abstract class RecordBytes {
    private static final int WINDOW = 16 * 1024;

    private final @Nullable InputStream more;
    private final @Nullable Allowance allowance;
    private final @Nullable OutputStream copy;
    private final byte[] window;
    private int position;
    private int limit;
    /** Number of bytes before the window. */
    private long before;

    /** Bytes in an array. */
    RecordBytes(byte[] bytes, int from, int to) {
        window = bytes;
        position = from;
        limit = to;
        more = null;
        allowance = null;
        copy = null;
    }

    /**
     * Bytes that are decompressed.
     *
     * @param allowance bounds the decompressed bytes
     * @param copy receives the bytes that are read; null if nobody needs them
     */
    RecordBytes(InputStream stream, Allowance allowance, @Nullable OutputStream copy) {
        this.window = new byte[WINDOW];
        this.more = stream;
        this.allowance = allowance;
        this.copy = copy;
    }

    /** Whether all bytes are in {@link #array()}. */
    final boolean isArray() {
        return more == null;
    }

    /** If all bytes are in an array, this is it, and {@link #place()} is an index in it. */
    final byte[] array() {
        return window;
    }

    /** The number of bytes read so far, counted from the begin of the array if the records are in one. */
    final long place() {
        return before + position;
    }

    /** Whether no byte is left. */
    final boolean atEnd() {
        return position == limit && !refill();
    }

    final int varint() {
        long value = varlong();
        if (value != (int) value) {
            throw broken("a variable-length number that is too large");
        }
        return (int) value;
    }

    final long varlong() {
        long raw = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = next8();
            raw |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw broken("a variable-length number without an end");
    }

    final byte next8() {
        requireMore();
        return window[position++];
    }

    final void skip(long count) {
        long left = count;
        while (left > limit - position) {
            left -= limit - position;
            position = limit;
            requireMore();
        }
        position += (int) left;
    }

    /** Moves the next bytes into an array. */
    final void read(byte[] target, int length) {
        for (int copied = 0; copied < length; ) {
            requireMore();
            int part = Math.min(length - copied, limit - position);
            System.arraycopy(window, position, target, copied, part);
            position += part;
            copied += part;
        }
    }

    /** Moves the next bytes to {@code target}. */
    final void copyTo(OutputStream target, long count) throws IOException {
        for (long left = count; left > 0; ) {
            requireMore();
            int part = (int) Math.min(left, limit - position);
            target.write(window, position, part);
            position += part;
            left -= part;
        }
    }

    private void requireMore() {
        if (position == limit && !refill()) {
            throw broken("fewer bytes than its records need");
        }
    }

    private boolean refill() {
        if (more == null || allowance == null) {
            return false;
        }
        before += position;
        position = 0;
        limit = 0;
        try {
            limit = Math.max(more.read(window, 0, window.length), 0);
            allowance.take(limit);
            if (copy != null) {
                copy.write(window, 0, limit);
            }
        } catch (IOException e) {
            throw new CorruptRecordException("The records cannot be decompressed.", e);
        }
        return limit > 0;
    }

    static final InvalidRecordException broken(String what) {
        return new InvalidRecordException("The batch holds " + what + ".");
    }
}
