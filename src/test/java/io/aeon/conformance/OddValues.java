package io.aeon.conformance;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** What else a field can be set to: null, empty, at a bound, beyond it, unknown, repeated. */
final class OddValues {
    private static final int TOO_LONG_A_NAME = 250;
    private static final List<String> TEXTS =
            List.of("", "nowhere", "a/b", ".", "__consumer_offsets", "x".repeat(TOO_LONG_A_NAME));
    private static final Uuid UNKNOWN_ID = new Uuid(7, 7);

    private OddValues() {}

    /** The values by their descriptions. */
    static Map<String, Object> of(Field field, Object plain) throws ReflectiveOperationException {
        Map<String, Object> odd = new LinkedHashMap<>();
        Class<?> type = field.getType();
        if (!type.isPrimitive()) {
            odd.put("null", null);
        }
        if (type == String.class) {
            TEXTS.forEach(text -> odd.put(text.length() >= TOO_LONG_A_NAME ? "a long name" : "'" + text + "'", text));
        } else if (type == Uuid.class) {
            odd.put("zero", Uuid.ZERO_UUID);
            odd.put("unknown", UNKNOWN_ID);
        } else if (type == boolean.class) {
            odd.put(Boolean.toString(!(boolean) plain), !(boolean) plain);
        } else if (type == byte[].class) {
            odd.put("empty", new byte[0]);
        } else if (type == BaseRecords.class) {
            odd.put("empty", MemoryRecords.EMPTY);
        } else if (plain instanceof Collection<?> collection) {
            odd.putAll(collections(field, collection));
        } else if (type.isPrimitive()) {
            numbers(type, field.getName()).forEach(number -> odd.put(number.toString(), number));
        }
        return odd;
    }

    private static List<Object> numbers(Class<?> type, String field) {
        if (type == byte.class) {
            return LongStream.of(-1, 0, 1, 2, 3, 4, 5, 8, 16, 32, Byte.MAX_VALUE)
                    .<Object>mapToObj(value -> (byte) value)
                    .toList();
        }
        if (type == short.class) {
            return LongStream.of(-2, -1, 0, 1, 2, Short.MIN_VALUE, Short.MAX_VALUE)
                    .<Object>mapToObj(value -> (short) value)
                    .toList();
        }
        if (type == int.class) {
            return LongStream.of(-2, -1, 0, 1, Integer.MIN_VALUE, Integer.MAX_VALUE)
                    .filter(value -> value != 1 || !field.equals("timeoutMs"))
                    .filter(value -> value <= 0 || !field.equals("maxWaitMs"))
                    .<Object>mapToObj(value -> (int) value)
                    .toList();
        }
        if (type == long.class) {
            return LongStream.of(-7, -6, -5, -4, -3, -2, -1, 0, 1, Long.MIN_VALUE, Long.MAX_VALUE)
                    .<Object>mapToObj(value -> value)
                    .toList();
        }
        return type == double.class ? List.of(-1.0, 0.0, 1.5, Double.NaN) : List.of();
    }

    private static Map<String, Object> collections(Field field, Collection<?> plain)
            throws ReflectiveOperationException {
        Map<String, Object> odd = new LinkedHashMap<>();
        odd.put("empty", like(plain));
        if (plain.isEmpty()) {
            return odd;
        }
        Object element = plain.iterator().next();
        if (element instanceof Message message) {
            Collection<Object> twice = like(plain);
            twice.addAll(plain);
            twice.add(message.duplicate());
            odd.put("repeated", twice);
            return odd;
        }
        odd.put("repeated", new ArrayList<>(List.of(element, element)));
        elements(element, field.getName()).forEach((what, value) -> odd.put(what, new ArrayList<>(List.of(value))));
        return odd;
    }

    private static Map<String, Object> elements(Object element, String field) {
        Map<String, Object> odd = new LinkedHashMap<>();
        if (element instanceof String) {
            TEXTS.forEach(
                    text -> odd.put(text.length() >= TOO_LONG_A_NAME ? "[a long name]" : "['" + text + "']", text));
        } else {
            Class<?> type = element instanceof Byte ? byte.class : element instanceof Long ? long.class : int.class;
            numbers(type, field).forEach(number -> odd.put("[" + number + "]", number));
        }
        return odd;
    }

    @SuppressWarnings("unchecked") // a list, or one of the generated collections
    private static Collection<Object> like(Collection<?> plain) throws ReflectiveOperationException {
        return plain instanceof ArrayList
                ? new ArrayList<>()
                : (Collection<Object>) plain.getClass().getDeclaredConstructor().newInstance();
    }
}
