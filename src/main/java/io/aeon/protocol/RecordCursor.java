package io.aeon.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a v2 batch one after the other, as far as validation and search need them, in memory that does
 * not depend on their size. It checks every length against the length of the record, so that hostile bytes end in an
 * {@link InvalidRecordException}.
 */
final class RecordCursor extends RecordBytes {
    /** Longest key that is copied from decompressed records. */
    private static final int MOST_KEY = 4 << 20;
    /** Longest value that is copied from decompressed records, bytes. */
    private static final long MOST_VALUE =
            Math.max(4 << 20, Runtime.getRuntime().maxMemory() / 16);

    private static final int MOST_VARLONG = 10;
    private static final byte[] NO_BYTES = {};

    private long recordEnd;
    private byte attributes;
    private long timestampDelta;
    private int offsetDelta;
    private int size;
    private boolean keepsKeys;
    private byte[] keyCopy = NO_BYTES;
    private int keyFrom;
    private int keySize;
    private boolean keepsValues;
    private byte[] valueCopy = NO_BYTES;
    private int valueFrom;
    private int valueSize;

    private RecordCursor(byte[] bytes, int from, int to) {
        super(bytes, from, to);
    }

    private RecordCursor(InputStream stream, Allowance allowance, @Nullable OutputStream copy) {
        super(stream, allowance, copy);
    }

    /** A cursor over records in an array. */
    static RecordCursor over(byte[] bytes, int from, int to) {
        return new RecordCursor(bytes, from, to);
    }

    /**
     * A cursor over records while they are decompressed.
     *
     * @param allowance bounds the decompressed bytes
     * @param copy receives the bytes that are read; null if nobody needs them
     */
    static RecordCursor over(InputStream records, Allowance allowance, @Nullable OutputStream copy) {
        return new RecordCursor(records, allowance, copy);
    }

    /** From now on, keys can be read by {@link #keyBytes}. */
    RecordCursor keepKeys() {
        keepsKeys = true;
        return this;
    }

    /** From now on, keys and values can be read, by {@link #keyBytes} and {@link #value}. */
    RecordCursor keepKeysAndValues() {
        keepsKeys = true;
        keepsValues = true;
        return this;
    }

    /** Reads the next record to its end. */
    void next() {
        begin();
        keySize = varint();
        readKey(Math.max(keySize, 0));
        valueSize = varint();
        readValue(Math.max(valueSize, 0));
        skipHeaders(varint());
        if (place() != recordEnd) {
            throw broken("a record whose fields do not add up to its " + size + " bytes");
        }
    }

    /** Reads the length and the fields that every record has at its begin. */
    private void begin() {
        size = varint();
        recordEnd = place() + size;
        if (size < 0) {
            throw broken("a record of " + size + " bytes");
        }
        attributes = next8();
        timestampDelta = varlong();
        offsetDelta = varint();
    }

    /** Skips the next record without a look at its key, value and headers. */
    void skipNext() {
        begin();
        skipInRecord(recordEnd - place());
    }

    /** Writes the next record to {@code target}, with {@code shift} added to its timestamp delta. */
    void copyNext(OutputStream target, long shift) throws IOException {
        begin();
        copyWith(timestampDelta + shift, offsetDelta, target);
    }

    /** Writes the next record to {@code target}, with another offset delta. */
    void renumberNext(OutputStream target, int delta) throws IOException {
        begin();
        copyWith(timestampDelta, delta, target);
    }

    private void copyWith(long time, int offset, OutputStream target) throws IOException {
        long rest = recordEnd - place();
        if (rest < 0) {
            throw broken("a record whose fields do not add up to its " + size + " bytes");
        }
        ByteBuffer start = ByteBuffer.allocate(3 * MOST_VARLONG + 1);
        ByteUtils.writeVarint((int) (1 + ByteUtils.sizeOfVarlong(time) + ByteUtils.sizeOfVarint(offset) + rest), start);
        start.put(attributes);
        ByteUtils.writeVarlong(time, start);
        ByteUtils.writeVarint(offset, start);
        target.write(start.array(), 0, start.position());
        copyTo(target, rest);
    }

    private void readKey(int length) {
        requireInRecord(length);
        keyFrom = (int) place();
        if (!keepsKeys || isArray()) {
            skip(length);
            return;
        }
        if (length > MOST_KEY) {
            throw broken("a key of " + length + " bytes");
        }
        if (keyCopy.length < length) {
            keyCopy = new byte[Math.max(length, 2 * keyCopy.length)];
        }
        keyFrom = 0;
        read(keyCopy, length);
    }

    private void readValue(int length) {
        requireInRecord(length);
        valueFrom = (int) place();
        if (!keepsValues || isArray()) {
            skip(length);
            return;
        }
        if (length > MOST_VALUE) {
            throw broken("a value of " + length + " bytes");
        }
        valueCopy = new byte[length];
        valueFrom = 0;
        read(valueCopy, length);
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
            skipInRecord(key);
            skipInRecord(Math.max(varint(), 0));
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

    /** Holds the key of the record, from {@link #keyFrom()} on, until the next record is read. */
    byte[] keyBytes() {
        return isArray() ? array() : keyCopy;
    }

    int keyFrom() {
        return keyFrom;
    }

    /** Negative for a record without a key. */
    int keySize() {
        return keySize;
    }

    /** False for a tombstone. */
    boolean hasValue() {
        return valueSize >= 0;
    }

    /** The value of the record; null for a tombstone. It does not change when the next record is read. */
    @Nullable
    ByteBuffer value() {
        return valueSize < 0
                ? null
                : ByteBuffer.wrap(isArray() ? array() : valueCopy, valueFrom, valueSize)
                        .slice();
    }

    private void skipInRecord(long count) {
        requireInRecord(count);
        skip(count);
    }

    private void requireInRecord(long count) {
        if (count < 0 || place() + count > recordEnd) {
            throw broken("a field that is longer than its record");
        }
    }
}
