package io.aeon.e2e;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;

/**
 * Generates requests of any API by reflection. In one request every array has one element. From it follow variants in
 * which one field is null, empty or zero, as far as the version allows that.
 */
final class RequestVariants {
    private static final RequestFiller.Values SAMPLES = new Samples();

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
        all.values().removeIf(request -> !RequestFiller.canBeSent(request, version));
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
            return RequestFiller.isCollection(type)
                    ? type.getDeclaredConstructor().newInstance()
                    : null;
        }

        private static Object zero(Class<?> type) {
            if (type == Uuid.class) {
                return Uuid.ZERO_UUID;
            }
            return type == int.class ? (Object) 0 : type == byte.class ? (Object) (byte) 0 : null;
        }
    }

    private ApiMessage full() throws ReflectiveOperationException {
        return new RequestFiller(version, SAMPLES).request(api);
    }

    private static final class Samples implements RequestFiller.Values {
        private static final Map<Class<?>, Object> BY_TYPE = Map.of(
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

        @Override
        public int elements() {
            return 1;
        }

        @Override
        public Object of(Field field, Class<?> type) {
            return BY_TYPE.get(type);
        }
    }

    private static List<Place> fields(Message message, String prefix) throws ReflectiveOperationException {
        List<Place> all = new ArrayList<>();
        for (Field field : RequestFiller.fieldsOf(message)) {
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
}
