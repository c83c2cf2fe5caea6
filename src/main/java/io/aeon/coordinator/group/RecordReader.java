package io.aeon.coordinator.group;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/** Reads the primitive types of Kafka's record schemas. In a flexible version strings and lists are compact. */
final class RecordReader {
    private final ByteBuffer bytes;
    private final boolean flexible;

    RecordReader(ByteBuffer bytes, boolean flexible) {
        this.bytes = bytes;
        this.flexible = flexible;
    }

    int int32() {
        return bytes.getInt();
    }

    long int64() {
        return bytes.getLong();
    }

    private int unsignedVarint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = bytes.get();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new CorruptRecordException("a varint of more than five bytes");
    }

    @Nullable
    String nullableString() {
        int length = flexible ? unsignedVarint() - 1 : bytes.getShort();
        return length < 0 ? null : new String(take(length), StandardCharsets.UTF_8);
    }

    String string() {
        String value = nullableString();
        if (value == null) {
            throw new CorruptRecordException("a string is missing");
        }
        return value;
    }

    Bytes bytes() {
        return Bytes.of(take(count()));
    }

    /** Length of a list or of bytes. */
    int count() {
        int count = flexible ? unsignedVarint() - 1 : bytes.getInt();
        if (count < 0 || count > bytes.remaining()) {
            throw new CorruptRecordException("a length of " + count + " with " + bytes.remaining() + " bytes left");
        }
        return count;
    }

    private byte[] take(int length) {
        if (length > bytes.remaining()) {
            throw new CorruptRecordException("a length of " + length + " with " + bytes.remaining() + " bytes left");
        }
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    /** Passes over the tagged fields of a flexible version. */
    void skipTags() {
        uuidTagged(-1);
    }

    /** Reads the tagged fields to their end; the uuid among them under {@code tag}, zero if there is none. */
    Uuid uuidTagged(int tag) {
        Uuid found = Uuid.ZERO_UUID;
        if (!flexible) {
            return found;
        }
        for (int left = unsignedVarint(); left > 0; left--) {
            int current = unsignedVarint();
            byte[] value = take(unsignedVarint());
            if (current == tag) {
                ByteBuffer uuid = ByteBuffer.wrap(value);
                found = new Uuid(uuid.getLong(), uuid.getLong());
            }
        }
        return found;
    }
}
