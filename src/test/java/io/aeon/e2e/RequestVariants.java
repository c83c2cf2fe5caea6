package io.aeon.e2e;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.utils.internals.ImplicitLinkedHashCollection;

/**
 * Generates requests of any API by reflection. In one request every array has one element. From it follow variants in
 * which one field is null, empty or zero, as far as the version allows that.
 */
final class RequestVariants {
    private final ApiKeys api;
    private final short version;

    RequestVariants(ApiKeys api, int version) {
        this.api = api;
        this.version = (short) version;
    }

    /** The requests by a description of what is odd about them. */
    Map<String, ApiMessage> all() throws ReflectiveOperationException {
        Map<String, ApiMessage> all = new LinkedHashMap<>();
        all.put("with nothing in it", api.messageType.newRequest());
        all.put("with something in everything", full());
        int fields = fields(full(), "").size();
        for (int i = 0; i < fields; i++) {
            for (Odd odd : Odd.values()) {
                ApiMessage variant = full();
                Place place = fields(variant, "").get(i);
                if (place.set(odd)) {
                    all.put("with " + place.path() + " " + odd, variant);
                }
            }
        }
        all.values().removeIf(request -> !canBeSent(request, version));
        return all;
    }

    private enum Odd {
        NULL,
        EMPTY,
        ZERO
    }

    private record Place(Object owner, Field field, String path) {
        boolean set(Odd odd) throws ReflectiveOperationException {
            Class<?> type = field.getType();
            Object value = switch (odd) {
                case NULL -> null;
                case EMPTY -> empty(type);
                case ZERO -> zero(type);
            };
            if (type.isPrimitive() ? value == null : value == null && odd != Odd.NULL) {
                return false;
            }
            field.set(owner, value);
            return true;
        }

        private static Object empty(Class<?> type) throws ReflectiveOperationException {
            if (type == String.class) {
                return "";
            }
            if (type == List.class) {
                return new ArrayList<>();
            }
            return isCollection(type) ? type.getDeclaredConstructor().newInstance() : null;
        }

        private static Object zero(Class<?> type) {
            if (type == Uuid.class) {
                return Uuid.ZERO_UUID;
            }
            return type == int.class ? (Object) 0 : type == byte.class ? (Object) (byte) 0 : null;
        }
    }

    private ApiMessage full() throws ReflectiveOperationException {
        ApiMessage request = api.messageType.newRequest();
        fill(request);
        return request;
    }

    /** Sets every field that this version has; other fields keep their defaults. */
    private void fill(Message message) throws ReflectiveOperationException {
        for (Field field : fieldsOf(message)) {
            Object before = field.get(message);
            Object value = something(field);
            if (value != null) {
                field.set(message, value);
                if (!canBeSent(message, version)) {
                    field.set(message, before);
                }
            }
        }
    }

    @SuppressWarnings("unchecked") // the collection's type names the class of its elements
    private Object something(Field field) throws ReflectiveOperationException {
        Class<?> type = field.getType();
        if (type == List.class) {
            var element = ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
            return element instanceof Class<?> known ? List.of(single(known)) : null;
        }
        if (isCollection(type)) {
            var element = (Class<?>) ((ParameterizedType) type.getGenericSuperclass()).getActualTypeArguments()[0];
            Collection<Object> collection =
                    (Collection<Object>) type.getDeclaredConstructor().newInstance();
            collection.add(single(element));
            return collection;
        }
        return type.isPrimitive() || type.isInterface() ? null : single(type);
    }

    private Object single(Class<?> type) throws ReflectiveOperationException {
        if (Message.class.isAssignableFrom(type)) {
            Message inner = (Message) type.getDeclaredConstructor().newInstance();
            fill(inner);
            return inner;
        }
        Map<Class<?>, Object> samples = Map.of(
                String.class,
                "odd",
                Uuid.class,
                Uuid.ONE_UUID,
                Integer.class,
                0,
                Long.class,
                0L,
                Byte.class,
                (byte) 2,
                Short.class,
                (short) 0,
                byte[].class,
                new byte[] {1},
                ByteBuffer.class,
                ByteBuffer.wrap(new byte[] {1}));
        return samples.get(type);
    }

    private static List<Place> fields(Message message, String prefix) throws ReflectiveOperationException {
        List<Place> all = new ArrayList<>();
        for (Field field : fieldsOf(message)) {
            Place place = new Place(message, field, prefix + field.getName());
            all.add(place);
            Object value = field.get(message);
            if (value instanceof Message inner) {
                all.addAll(fields(inner, place.path() + "."));
            } else if (value instanceof Collection<?> collection) {
                for (Object element : collection) {
                    if (element instanceof Message inner) {
                        all.addAll(fields(inner, place.path() + "."));
                    }
                }
            }
        }
        return all;
    }

    private static List<Field> fieldsOf(Message message) {
        return Arrays.stream(message.getClass().getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers())
                        && !List.of("_unknownTaggedFields", "next", "prev").contains(field.getName()))
                .peek(field -> field.setAccessible(true))
                .toList();
    }

    private static boolean isCollection(Class<?> type) {
        return ImplicitLinkedHashCollection.class.isAssignableFrom(type);
    }

    private static boolean canBeSent(Message message, short version) {
        try {
            MessageUtil.toByteBufferAccessor(message, version);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
