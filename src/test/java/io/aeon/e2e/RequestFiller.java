package io.aeon.e2e;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.utils.internals.ImplicitLinkedHashCollection;

/** Creates requests of one version by reflection. Fields that the version does not have keep their defaults. */
public final class RequestFiller {
    private final short version;
    private final Values values;

    public RequestFiller(short version, Values values) {
        this.version = version;
        this.values = values;
    }

    /** What fields are set to. */
    public interface Values {
        /** The number of elements of an array. */
        int elements();

        /** A value for the field or for an element of it, or null: the default, or no element. */
        Object of(Field field, Class<?> type);
    }

    public ApiMessage request(ApiKeys api) throws ReflectiveOperationException {
        ApiMessage request = api.messageType.newRequest();
        fill(request);
        return request;
    }

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
            return element instanceof Class<?> known ? filled(new ArrayList<>(), field, known) : null;
        }
        if (isCollection(type)) {
            var element = (Class<?>) ((ParameterizedType) type.getGenericSuperclass()).getActualTypeArguments()[0];
            return filled((Collection<Object>) type.getDeclaredConstructor().newInstance(), field, element);
        }
        return single(field, type);
    }

    private Collection<Object> filled(Collection<Object> collection, Field field, Class<?> element)
            throws ReflectiveOperationException {
        for (int i = values.elements(); i > 0; i--) {
            Object value = single(field, element);
            if (value != null) {
                collection.add(value);
            }
        }
        return collection;
    }

    private Object single(Field field, Class<?> type) throws ReflectiveOperationException {
        if (Message.class.isAssignableFrom(type)) {
            Message inner = (Message) type.getDeclaredConstructor().newInstance();
            fill(inner);
            return inner;
        }
        return values.of(field, type);
    }

    /** The fields of a message that are part of the protocol. */
    public static List<Field> fieldsOf(Message message) {
        return Arrays.stream(message.getClass().getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers())
                        && !List.of("_unknownTaggedFields", "next", "prev").contains(field.getName()))
                .peek(field -> field.setAccessible(true))
                .toList();
    }

    public static boolean isCollection(Class<?> type) {
        return ImplicitLinkedHashCollection.class.isAssignableFrom(type);
    }

    public static boolean canBeSent(Message message, short version) {
        try {
            MessageUtil.toByteBufferAccessor(message, version);
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
