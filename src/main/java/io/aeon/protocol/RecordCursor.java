package io.aeon.protocol;

import java.io.IOException;
import java.io.InputStream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the records of a v2 batch and looks at what validation and search need: nothing is copied or kept, however
 * large a record is. Every length is checked against the record's own, so hostile bytes end in an
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
    /** Bytes that came before the window's first. */
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

    /** Over records that lie in an array. */
    static RecordCursor over(byte[] bytes, int from, int to) {
        return new RecordCursor(bytes, from, to, null, to);
    }

    /**
     * Over records that are being decompressed.
     *
     * @param maxBytes a batch that is longer than this is refused
     */
    static RecordCursor over(InputStream records, long maxBytes) {
        return new RecordCursor(new byte[WINDOW], 0, 0, records, maxBytes);
    }

    /** Moves to the next record, over all of it. */
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
            throw broken("a record's parts do not add up to its " + size + " bytes");
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

    /** Bytes of the record without the length before it. */
    int size() {
        return size;
    }

    boolean hasKey() {
        return keySize >= 0;
    }

    /** Over the same records from the first on, which must lie in an array. */
    RecordCursor again() {
        return new RecordCursor(window, start, limit, null, maxBytes);
    }

    /** What it walks over; when that is an array of records, places are indexes in it. */
    byte[] bytes() {
        return window;
    }

    /** Negative for a record without a key. */
    int keySize() {
        return keySize;
    }

    /** Place of the key's first byte. */
    long keyStart() {
        return keyStart;
    }

    /** False for a tombstone. */
    boolean hasValue() {
        return hasValue;
    }

    /** Place of the record's first byte, which is of the length before it. */
    long recordStart() {
        return recordStart;
    }

    /** Place after the record's timestamp. */
    long timestampEnd() {
        return timestampEnd;
    }

    /** Bytes walked over so far. */
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
            throw broken("a number that is too large");
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
        throw broken("a number without an end");
    }

    private byte next8() {
        if (position == limit && !refill()) {
            throw broken("fewer bytes than the records need");
        }
        return window[position++];
    }

    private void skip(int count) {
        if (place() + count > recordEnd) {
            throw broken("a part that is longer than its record");
        }
        int left = count;
        while (left > limit - position) {
            left -= limit - position;
            position = limit;
            if (!refill()) {
                throw broken("fewer bytes than the records need");
            }
        }
        position += left;
    }

    private boolean refill() {
        if (more == null) {
            return false;
        }
        if (place() > maxBytes) {
            throw broken("more than " + maxBytes + " bytes, decompressed");
        }
        before += position;
        position = 0;
        limit = 0;
        try {
            limit = Math.max(more.read(window, 0, window.length), 0);
        } catch (IOException e) {
            throw new CorruptRecordException("the records cannot be decompressed", e);
        }
        return limit > 0;
    }

    private static InvalidRecordException broken(String what) {
        return new InvalidRecordException("The batch holds " + what + ".");
    }
}
