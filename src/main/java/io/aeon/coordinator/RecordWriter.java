package io.aeon.coordinator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Writes the primitive types of Kafka's record schemas. */
public final class RecordWriter {
    private static final int FIRST_SIZE = 128;

    private ByteBuffer bytes = ByteBuffer.allocate(FIRST_SIZE);

    private ByteBuffer room(int size) {
        if (bytes.remaining() < size) {
            int needed = Math.addExact(bytes.position(), size);
            bytes = ByteBuffer.allocate(Math.max(needed, 2 * bytes.capacity())).put(bytes.flip());
        }
        return bytes;
    }

    public RecordWriter int8(int value) {
        room(Byte.BYTES).put((byte) value);
        return this;
    }

    public RecordWriter int16(int value) {
        room(Short.BYTES).putShort((short) value);
        return this;
    }

    public RecordWriter int32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    public RecordWriter int64(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    public RecordWriter unsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            room(1).put((byte) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        room(1).put((byte) rest);
        return this;
    }

    public RecordWriter string(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException("a string of " + utf8.length + " bytes does not fit a record");
        }
        int16(utf8.length);
        room(utf8.length).put(utf8);
        return this;
    }

    public RecordWriter nullableString(@Nullable String value) {
        return value == null ? int16(-1) : string(value);
    }

    public RecordWriter compactString(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        unsignedVarint(utf8.length + 1);
        room(utf8.length).put(utf8);
        return this;
    }

    public RecordWriter bytes(Bytes value) {
        int32(value.array().length);
        room(value.array().length).put(value.array());
        return this;
    }

    public RecordWriter uuid(Uuid value) {
        return int64(value.getMostSignificantBits()).int64(value.getLeastSignificantBits());
    }

    public ByteBuffer done() {
        return bytes.flip();
    }
}
