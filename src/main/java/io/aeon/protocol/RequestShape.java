package io.aeon.protocol;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.NullableSchema;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.utils.internals.ImplicitLinkedHashCollection;
import org.jspecify.annotations.Nullable;

/**
 * The layout of one request version, derived from kafka-clients' schemas. It allows a scan of a request before the
 * request is decoded. Immutable.
 */
final class RequestShape {
    private static final Map<Integer, RequestShape> SHAPES = new ConcurrentHashMap<>();

    private final WireType body;

    private RequestShape(WireType body) {
        this.body = body;
    }

    static RequestShape of(ApiKeys api, short version) {
        return SHAPES.computeIfAbsent(api.id << Short.SIZE | version, key -> compile(api, version));
    }

    WireType body() {
        return body;
    }

    private static RequestShape compile(ApiKeys api, short version) {
        return new RequestShape(struct(
                api.messageType.requestSchemas()[version],
                api.messageType.newRequest().getClass()));
    }

    private static WireType struct(Schema schema, Class<?> message) {
        List<WireType> fields = new ArrayList<>();
        for (BoundField field : schema.fields()) {
            fields.add(type(field.def.type, field.def.name, message));
        }
        WireType.Struct struct = new WireType.Struct(fields, heapOf(message));
        return schema instanceof NullableSchema ? new WireType.NullableStruct(struct) : struct;
    }

    private static WireType type(org.apache.kafka.common.protocol.types.Type type, String name, Class<?> message) {
        if (type instanceof TaggedFields tagged) {
            Map<Integer, WireType> byTag = new HashMap<>();
            tagged.fields().forEach((tag, field) -> byTag.put(tag, type(field.type, field.name, message)));
            return new WireType.Tagged(byTag);
        }
        if (type.arrayElementType().isPresent()) {
            return array(type, type.arrayElementType().get(), name, message);
        }
        return type instanceof Schema schema
                ? struct(schema, field(message, name).getType())
                : WireType.of(type);
    }

    private static WireType array(
            org.apache.kafka.common.protocol.types.Type array,
            org.apache.kafka.common.protocol.types.Type element,
            String name,
            Class<?> message) {
        boolean compact = array instanceof org.apache.kafka.common.protocol.types.CompactArrayOf;
        if (!(element instanceof Schema schema)) {
            return new WireType.Array(compact, WireType.of(element), List.of());
        }
        Field field = field(message, name);
        boolean hashed = ImplicitLinkedHashCollection.class.isAssignableFrom(field.getType());
        Type collection = hashed ? field.getType().getGenericSuperclass() : field.getGenericType();
        Class<?> elementClass = (Class<?>) ((ParameterizedType) collection).getActualTypeArguments()[0];
        WireType elementType = struct(schema, elementClass);
        return new WireType.Array(
                compact, elementType, hashed ? keyFields(schema, elementClass, field.getType()) : List.of());
    }

    /**
     * The position of each key field in an element of this version; null for a field that the version lacks, which then
     * has its default.
     */
    private static List<@Nullable Integer> keyFields(Schema schema, Class<?> element, Class<?> collection) {
        List<@Nullable Integer> positions = new ArrayList<>();
        for (Field key : keys(element, collection)) {
            int position = schema.numFields() - 1;
            while (position >= 0 && !sameName(schema.get(position).def.name, key.getName())) {
                position--;
            }
            positions.add(position < 0 ? null : position);
        }
        return positions;
    }

    /** The key fields come first in every element, in the order of the parameters of its collection's {@code find}. */
    static List<Field> keys(Class<?> element, Class<?> collection) {
        int count = Arrays.stream(collection.getDeclaredMethods())
                .filter(method -> method.getName().equals("find") && !method.isBridge())
                .mapToInt(Method::getParameterCount)
                .findFirst()
                .orElseThrow();
        return Arrays.stream(element.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .limit(count)
                .toList();
    }

    /** Bytes of an object of this class without what it refers to, with compressed pointers. */
    private static int heapOf(Class<?> message) {
        int bytes = 12;
        for (Field field : message.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                bytes += sizeOf(field.getType());
            }
        }
        return (bytes + 7) / 8 * 8;
    }

    private static int sizeOf(Class<?> field) {
        if (field == long.class || field == double.class) {
            return Long.BYTES;
        } else if (field == short.class) {
            return Short.BYTES;
        }
        return field == byte.class || field == boolean.class ? Byte.BYTES : Integer.BYTES;
    }

    private static Field field(Class<?> message, String name) {
        return Arrays.stream(message.getDeclaredFields())
                .filter(field -> sameName(name, field.getName()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(message + " has no field " + name));
    }

    private static boolean sameName(String snakeCase, String camelCase) {
        return snakeCase.replace("_", "").equalsIgnoreCase(camelCase);
    }
}
