package io.aeon.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * A type of Kafka's wire protocol, which can be skipped without decoding it. A position beyond the end of the buffer
 * throws a RuntimeException.
 */
sealed interface WireType {
    /** Moves the buffer past a value of this type, and tells the scan what its decoded form takes. */
    void skip(ByteBuffer buffer, RequestScan scan);

    /**
     * Like {@link #skip}, and returns the {@code hashCode} of the decoded value, for types that can be part of a key.
     */
    default int hash(ByteBuffer buffer, RequestScan scan) {
        skip(buffer, scan);
        return 0;
    }

    static WireType of(Type type) {
        if (type == Type.BOOLEAN || type == Type.INT8) {
            return new Fixed(Byte.BYTES);
        } else if (type == Type.INT16 || type == Type.UINT16) {
            return new Fixed(Short.BYTES);
        } else if (type == Type.INT32 || type == Type.UNSIGNED_INT32) {
            return new Fixed(Integer.BYTES);
        } else if (type == Type.INT64 || type == Type.FLOAT64) {
            return new Fixed(Long.BYTES);
        } else if (type == Type.UUID) {
            return new Id();
        } else if (type == Type.STRING || type == Type.NULLABLE_STRING) {
            return new Bytes(Length.SHORT, Content.TEXT);
        } else if (type == Type.BYTES || type == Type.NULLABLE_BYTES) {
            return new Bytes(Length.INT, Content.BYTES);
        } else if (type == Type.RECORDS || type == Type.NULLABLE_RECORDS) {
            return new Bytes(Length.INT, Content.RECORDS);
        } else if (type.toString().startsWith("COMPACT_")) {
            return new Bytes(Length.COMPACT, Content.of(type));
        }
        throw new IllegalStateException("no such type in a request: " + type);
    }

    /** The encoding of the length of strings and arrays; a negative length is null. */
    enum Length {
        SHORT,
        INT,
        COMPACT;

        int read(ByteBuffer buffer) {
            return switch (this) {
                case SHORT -> buffer.getShort();
                case INT -> buffer.getInt();
                case COMPACT -> ByteUtils.readUnsignedVarint(buffer) - 1;
            };
        }
    }

    /** What bytes are decoded to. */
    enum Content {
        /** A string, with two bytes of heap for a character. */
        TEXT(40, 2),
        /** A copy. */
        BYTES(24, 1),
        /** A slice of the frame. */
        RECORDS(96, 0);

        private final int fixed;
        private final int perByte;

        Content(int fixed, int perByte) {
            this.fixed = fixed;
            this.perByte = perByte;
        }

        static Content of(Type type) {
            return type.toString().endsWith("RECORDS")
                    ? RECORDS
                    : type.toString().endsWith("BYTES") ? BYTES : TEXT;
        }

        long heap(int bytes) {
            return fixed + (long) perByte * bytes;
        }
    }

    /** A number. */
    record Fixed(int size) implements WireType {
        @Override
        public void skip(ByteBuffer buffer, RequestScan scan) {
            buffer.position(buffer.position() + size);
        }

        @Override
        public int hash(ByteBuffer buffer, RequestScan scan) {
            return switch (size) {
                case Byte.BYTES -> buffer.get();
                case Short.BYTES -> buffer.getShort();
                case Integer.BYTES -> buffer.getInt();
                default -> Long.hashCode(buffer.getLong());
            };
        }
    }

    /** A UUID. */
    record Id() implements WireType {
        @Override
        public void skip(ByteBuffer buffer, RequestScan scan) {
            buffer.position(buffer.position() + 2 * Long.BYTES);
        }

        @Override
        public int hash(ByteBuffer buffer, RequestScan scan) {
            return new Uuid(buffer.getLong(), buffer.getLong()).hashCode();
        }
    }

    /** A string, bytes or records. */
    record Bytes(Length length, Content content) implements WireType {
        @Override
        public void skip(ByteBuffer buffer, RequestScan scan) {
            int bytes = length.read(buffer);
            if (bytes >= 0) {
                buffer.position(buffer.position() + bytes);
                scan.heap(content.heap(bytes));
            }
        }

        @Override
        public int hash(ByteBuffer buffer, RequestScan scan) {
            int bytes = length.read(buffer);
            if (bytes <= 0) {
                return 0;
            }
            ByteBuffer value = buffer.slice(buffer.position(), bytes);
            buffer.position(buffer.position() + bytes);
            scan.heap(content.heap(bytes));
            return StandardCharsets.UTF_8.decode(value).toString().hashCode();
        }
    }

    /**
     * Fields one after the other.
     *
     * @param heap bytes of the decoded object itself
     */
    record Struct(List<WireType> fields, int heap) implements WireType {
        @Override
        public void skip(ByteBuffer buffer, RequestScan scan) {
            scan.heap(heap);
            for (int i = 0; i < fields.size(); i++) {
                fields.get(i).skip(buffer, scan);
            }
        }

        int keyHash(ByteBuffer buffer, RequestScan scan, List<@Nullable Integer> keyFields) {
            scan.heap(heap);
            int[] hashes = new int[fields.size()];
            for (int i = 0; i < hashes.length; i++) {
                hashes[i] = keyFields.contains(i) ? fields.get(i).hash(buffer, scan) : skipped(i, buffer, scan);
            }
            int hash = 0;
            for (Integer field : keyFields) {
                hash = 31 * hash + (field == null ? 0 : hashes[field]);
            }
            return hash;
        }

        private int skipped(int field, ByteBuffer buffer, RequestScan scan) {
            fields.get(field).skip(buffer, scan);
            return 0;
        }
    }

    /** Fields, or null. */
    record NullableStruct(Struct struct) implements WireType {
        @Override
        public void skip(ByteBuffer buffer, RequestScan scan) {
            if (buffer.get() >= 0) {
                struct.skip(buffer, scan);
            }
        }
    }

    /** Tagged fields (KIP-482), each of which may be absent. */
    record Tagged(Map<Integer, WireType> fields) implements WireType {
        /** A field that this version does not know is kept with its bytes. */
        private static final int UNKNOWN_FIELD = 48;

        @Override
        public void skip(ByteBuffer buffer, RequestScan scan) {
            int count = ByteUtils.readUnsignedVarint(buffer);
            scan.elements(count, buffer.remaining());
            for (int i = 0; i < count; i++) {
                WireType known = fields.get(ByteUtils.readUnsignedVarint(buffer));
                int size = ByteUtils.readUnsignedVarint(buffer);
                if (size < 0 || size > buffer.remaining()) {
                    throw new MalformedRequestException("a tagged field claims " + size + " bytes");
                }
                if (known == null) {
                    buffer.position(buffer.position() + size);
                    scan.heap(UNKNOWN_FIELD + size);
                } else {
                    known.skip(buffer, scan);
                }
            }
        }
    }

    /**
     * Elements one after the other.
     *
     * @param keyFields for a collection that is decoded into a hash table: the position of each key field, null for a
     *     field that this version lacks; empty otherwise
     */
    record Array(boolean compact, WireType element, List<@Nullable Integer> keyFields) implements WireType {
        @Override
        public void skip(ByteBuffer buffer, RequestScan scan) {
            int count = (compact ? Length.COMPACT : Length.INT).read(buffer);
            scan.elements(count, buffer.remaining());
            if (element instanceof Fixed number && count > 0) {
                buffer.position(buffer.position() + count * number.size());
                return;
            }
            if (keyFields.isEmpty() || count <= CollectionCost.FREE || !(element instanceof Struct struct)) {
                for (int i = 0; i < count; i++) {
                    element.skip(buffer, scan);
                }
                return;
            }
            int[] hashes = new int[count];
            for (int i = 0; i < count; i++) {
                hashes[i] = struct.keyHash(buffer, scan, keyFields);
            }
            scan.collection(hashes);
        }
    }
}
