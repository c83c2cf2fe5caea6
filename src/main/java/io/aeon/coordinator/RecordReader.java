package io.aeon.coordinator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.jspecify.annotations.Nullable;

/** Reads the primitive types of Kafka's record schemas. In a flexible version strings and lists are compact. */
public final class RecordReader {
    private final ByteBuffer bytes;
    private final boolean flexible;

    public RecordReader(ByteBuffer bytes, boolean flexible) {
        this.bytes = bytes;
        this.flexible = flexible;
    }

    public byte int8() {
        return bytes.get();
    }

    public short int16() {
        return bytes.getShort();
    }

    public int int32() {
        return bytes.getInt();
    }

    public long int64() {
        return bytes.getLong();
    }

    public Uuid uuid() {
        return new Uuid(bytes.getLong(), bytes.getLong());
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
    public String nullableString() {
        int length = flexible ? unsignedVarint() - 1 : bytes.getShort();
        return length < 0 ? null : new String(take(length), StandardCharsets.UTF_8);
    }

    public String string() {
        String value = nullableString();
        if (value == null) {
            throw new CorruptRecordException("a string is missing");
        }
        return value;
    }

    public Bytes bytes() {
        return Bytes.of(take(count()));
    }

    /** Length of a list or of bytes. */
    public int count() {
        int count = nullableCount();
        if (count < 0) {
            throw new CorruptRecordException("a list or bytes are missing");
        }
        return count;
    }

    /** Length of a list that may be null, then -1. */
    public int nullableCount() {
        int count = flexible ? unsignedVarint() - 1 : bytes.getInt();
        if (count < -1 || count > bytes.remaining()) {
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

    /** Reads the tagged fields of a flexible version to their end; none in another version. */
    public Map<Integer, RecordReader> tags() {
        if (!flexible) {
            return Map.of();
        }
        Map<Integer, RecordReader> tags = new HashMap<>();
        for (int left = unsignedVarint(); left > 0; left--) {
            int tag = unsignedVarint();
            tags.put(tag, new RecordReader(ByteBuffer.wrap(take(unsignedVarint())), true));
        }
        return tags;
    }
}
