package io.aeon.coordinator.group;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Writes the primitive types of Kafka's record schemas. */
final class RecordWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    RecordWriter int16(int value) {
        bytes.write(value >>> 8);
        bytes.write(value);
        return this;
    }

    RecordWriter int32(int value) {
        return int16(value >>> 16).int16(value);
    }

    RecordWriter int64(long value) {
        return int32((int) (value >>> 32)).int32((int) value);
    }

    RecordWriter unsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            bytes.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes.write(rest);
        return this;
    }

    RecordWriter string(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > Short.MAX_VALUE) {
            throw new IllegalArgumentException("a string of " + utf8.length + " bytes does not fit a record");
        }
        int16(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    RecordWriter nullableString(@Nullable String value) {
        return value == null ? int16(-1) : string(value);
    }

    RecordWriter compactString(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        unsignedVarint(utf8.length + 1);
        bytes.writeBytes(utf8);
        return this;
    }

    RecordWriter bytes(Bytes value) {
        int32(value.array().length);
        bytes.writeBytes(value.array());
        return this;
    }

    RecordWriter uuid(Uuid value) {
        return int64(value.getMostSignificantBits()).int64(value.getLeastSignificantBits());
    }

    ByteBuffer done() {
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
