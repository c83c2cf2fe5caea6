package io.aeon.protocol;

import java.io.IOException;
import java.io.InputStream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a v2 batch one after the other, as far as validation and search need them. It copies nothing,
 * however large a record is. It checks every length against the length of the record, so that hostile bytes end in an
 * {@link InvalidRecordException}.
 */
final class RecordCursor {
    private static final int WINDOW = 16 * 1024;

    private final @Nullable InputStream more;
    private final long maxBytes;
    private final byte[] window;
    private final int start;
    private int position;
    private int limit;
    /** Number of bytes before the window. */
    private long before;

    private long recordStart;
    private long recordEnd;
    private long timestampDelta;
    private long timestampEnd;
    private int offsetDelta;
    private int size;
    private long keyStart;
    private int keySize;
    private boolean hasValue;

    private RecordCursor(byte[] window, int from, int to, @Nullable InputStream more, long maxBytes) {
        this.window = window;
        this.start = from;
        this.position = from;
        this.limit = to;
        this.more = more;
        this.maxBytes = maxBytes;
    }

    /** A cursor over records in an array. */
    static RecordCursor over(byte[] bytes, int from, int to) {
        return new RecordCursor(bytes, from, to, null, to);
    }

    /**
     * A cursor over records while they are decompressed.
     *
     * @param maxBytes a batch that decompresses to more is refused
     */
    static RecordCursor over(InputStream records, long maxBytes) {
        return new RecordCursor(new byte[WINDOW], 0, 0, records, maxBytes);
    }

    /** Reads the next record to its end. */
    void next() {
        recordStart = place();
        size = varint();
        recordEnd = place() + size;
        if (size < 0) {
            throw broken("a record of " + size + " bytes");
        }
        skip(1);
        timestampDelta = varlong();
        timestampEnd = place();
        offsetDelta = varint();
        keySize = varint();
        keyStart = place();
        skip(Math.max(keySize, 0));
        int value = varint();
        hasValue = value >= 0;
        skip(Math.max(value, 0));
        skipHeaders(varint());
        if (place() != recordEnd) {
            throw broken("a record whose fields do not add up to its " + size + " bytes");
        }
    }

    private void skipHeaders(int count) {
        if (count < 0) {
            throw broken(count + " headers");
        }
        for (int i = 0; i < count; i++) {
            int key = varint();
            if (key < 0) {
                throw broken("a header without a key");
            }
            skip(key);
            skip(Math.max(varint(), 0));
            if (place() > recordEnd) {
                throw broken("headers longer than their record");
            }
        }
    }

    long timestampDelta() {
        return timestampDelta;
    }

    int offsetDelta() {
        return offsetDelta;
    }

    /** Bytes of the record without its length field. */
    int size() {
        return size;
    }

    boolean hasKey() {
        return keySize >= 0;
    }

    /** A new cursor at the first of the same records, which must be in an array. */
    RecordCursor again() {
        return new RecordCursor(window, start, limit, null, maxBytes);
    }

    /** The bytes under the cursor. If the records are in an array, positions are indexes in it. */
    byte[] bytes() {
        return window;
    }

    /** Negative for a record without a key. */
    int keySize() {
        return keySize;
    }

    /** Position of the key's first byte. */
    long keyStart() {
        return keyStart;
    }

    /** False for a tombstone. */
    boolean hasValue() {
        return hasValue;
    }

    /** Position of the record's first byte, which belongs to its length field. */
    long recordStart() {
        return recordStart;
    }

    /** Position after the record's timestamp. */
    long timestampEnd() {
        return timestampEnd;
    }

    /** Position of the cursor: the number of bytes read so far. */
    long place() {
        return before + position;
    }

    /** Whether no byte is left. */
    boolean atEnd() {
        return position == limit && !refill();
    }

    private int varint() {
        long value = varlong();
        if (value != (int) value) {
            throw broken("a variable-length number that is too large");
        }
        return (int) value;
    }

    private long varlong() {
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

    private byte next8() {
        if (position == limit && !refill()) {
            throw broken("fewer bytes than its records need");
        }
        return window[position++];
    }

    private void skip(int count) {
        if (place() + count > recordEnd) {
            throw broken("a field that is longer than its record");
        }
        int left = count;
        while (left > limit - position) {
            left -= limit - position;
            position = limit;
            if (!refill()) {
                throw broken("fewer bytes than its records need");
            }
        }
        position += left;
    }

    private boolean refill() {
        if (more == null) {
            return false;
        }
        if (place() > maxBytes) {
            throw broken("more than " + maxBytes + " bytes after decompression");
        }
        before += position;
        position = 0;
        limit = 0;
        try {
            limit = Math.max(more.read(window, 0, window.length), 0);
        } catch (IOException e) {
            throw new CorruptRecordException("The records cannot be decompressed.", e);
        }
        return limit > 0;
    }

    private static InvalidRecordException broken(String what) {
        return new InvalidRecordException("The batch holds " + what + ".");
    }
}
