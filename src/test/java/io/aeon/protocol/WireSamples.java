package io.aeon.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Field;
import org.apache.kafka.common.protocol.types.NullableSchema;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.utils.internals.ByteUtils;

/** Valid messages of any API and version, generated from kafka-clients' schemas with random values. */
public final class WireSamples {
    private final Random random;
    private final ByteBuffer target;
    private int elementsOfArrays = -1;

    public WireSamples(long seed) {
        this(seed, 16 << 20);
    }

    private WireSamples(long seed, int mostBytes) {
        random = new Random(seed);
        target = ByteBuffer.allocate(mostBytes);
    }

    /** Gives every array this many elements instead of a random number, and all elements of an array the same value. */
    WireSamples equalElements(int count) {
        elementsOfArrays = count;
        return this;
    }

    public ByteBuffer message(Schema schema) {
        target.clear();
        struct(schema);
        return ByteBuffer.allocate(target.position()).put(target.flip()).flip();
    }

    private void struct(Schema schema) {
        if (schema instanceof NullableSchema) {
            target.put((byte) 1);
        }
        for (BoundField field : schema.fields()) {
            value(field.def.type);
        }
    }

    private void value(Type type) {
        if (type instanceof TaggedFields tagged) {
            tagged(tagged.fields());
        } else if (type instanceof Schema schema) {
            struct(schema);
        } else if (type.arrayElementType().isPresent()) {
            array(type, type.arrayElementType().get());
        } else if (type.toString().contains("STRING")) {
            text(type);
        } else if (type.toString().contains("BYTES") || type.toString().contains("RECORDS")) {
            bytes(type);
        } else {
            number(type);
        }
    }

    private void tagged(Map<Integer, Field> fields) {
        List<Integer> tags = new ArrayList<>(fields.keySet());
        ByteUtils.writeUnsignedVarint(tags.size(), target);
        for (Integer tag : tags) {
            ByteUtils.writeUnsignedVarint(tag, target);
            ByteBuffer value = new WireSamples(random.nextLong(), 16 << 10).message(new Schema(fields.get(tag)));
            ByteUtils.writeUnsignedVarint(value.remaining(), target);
            target.put(value);
        }
    }

    private void array(Type array, Type element) {
        int count = elementsOfArrays >= 0 ? elementsOfArrays : random.nextInt(4);
        if (array instanceof CompactArrayOf) {
            ByteUtils.writeUnsignedVarint(count + 1, target);
        } else {
            target.putInt(count);
        }
        int first = target.position();
        for (int i = 0; i < count; i++) {
            if (i == 0 || elementsOfArrays < 0) {
                int outer = elementsOfArrays;
                elementsOfArrays = outer < 0 ? outer : 1;
                value(element);
                elementsOfArrays = outer;
            } else {
                target.put(target.array(), first, (target.position() - first) / i);
            }
        }
    }

    private void text(Type type) {
        if (type.isNullable() && random.nextInt(4) == 0 && elementsOfArrays < 0) {
            absent(type.toString().startsWith("COMPACT"));
            return;
        }
        byte[] text = random.ints(elementsOfArrays < 0 ? random.nextInt(12) : 1, 'a', 'z' + 40)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        if (type.toString().startsWith("COMPACT")) {
            ByteUtils.writeUnsignedVarint(text.length + 1, target);
        } else {
            target.putShort((short) text.length);
        }
        target.put(text);
    }

    private void bytes(Type type) {
        boolean compact = type.toString().startsWith("COMPACT");
        byte[] bytes = new byte[random.nextInt(60)];
        random.nextBytes(bytes);
        if (compact) {
            ByteUtils.writeUnsignedVarint(bytes.length + 1, target);
        } else {
            target.putInt(bytes.length);
        }
        target.put(bytes);
    }

    private void absent(boolean compact) {
        if (compact) {
            ByteUtils.writeUnsignedVarint(0, target);
        } else {
            target.putShort((short) -1);
        }
    }

    private void number(Type type) {
        if (type == Type.BOOLEAN) {
            target.put((byte) random.nextInt(2));
        } else if (type == Type.INT8) {
            target.put((byte) random.nextInt(2));
        } else if (type == Type.INT16 || type == Type.UINT16) {
            target.putShort((short) random.nextInt(100));
        } else if (type == Type.INT32 || type == Type.UNSIGNED_INT32) {
            target.putInt(random.nextInt(1 << 30));
        } else if (type == Type.INT64) {
            target.putLong(random.nextLong());
        } else if (type == Type.FLOAT64) {
            target.putDouble(random.nextDouble());
        } else if (type == Type.UUID) {
            target.putLong(random.nextLong()).putLong(random.nextLong());
        } else {
            throw new AssertionError("unknown type " + type);
        }
    }
}
