package io.aeon.api;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * Finds the error codes in an answer, those of its topics and partitions included. Kafka's generated messages have no
 * common access to them, but name all of them alike. The answers of the data path are looked at without reflection.
 */
final class ErrorCodes {
    private static final String ERROR_CODE = "errorCode";

    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return Shape.of(type);
        }
    };

    private ErrorCodes() {}

    /** Receives an error code other than NONE. */
    @FunctionalInterface
    interface Receiver {
        void accept(short code);
    }

    static void in(ApiMessage answer, Receiver receiver) {
        if (answer instanceof ProduceResponseData produced) {
            in(produced, receiver);
        } else if (answer instanceof FetchResponseData fetched) {
            in(fetched, receiver);
        } else {
            SHAPES.get(answer.getClass()).look(answer, receiver);
        }
    }

    private static void in(ProduceResponseData answer, Receiver receiver) {
        for (TopicProduceResponse topic : answer.responses()) {
            for (ProduceResponseData.PartitionProduceResponse partition : topic.partitionResponses()) {
                tell(partition.errorCode(), receiver);
            }
        }
    }

    private static void in(FetchResponseData answer, Receiver receiver) {
        tell(answer.errorCode(), receiver);
        for (FetchableTopicResponse topic : answer.responses()) {
            for (FetchResponseData.PartitionData partition : topic.partitions()) {
                tell(partition.errorCode(), receiver);
            }
        }
    }

    private static void tell(short code, Receiver receiver) {
        if (code != Errors.NONE.code()) {
            receiver.accept(code);
        }
    }

    /** Where the messages of one class have error codes: in a field of their own, and in collections of messages. */
    private record Shape(@Nullable Method errorCode, List<Method> collections) {
        static Shape of(Class<?> type) {
            Method errorCode = null;
            List<Method> collections = new ArrayList<>();
            for (Method method : type.getMethods()) {
                if (method.getParameterCount() == 0 && method.getName().equals(ERROR_CODE)) {
                    errorCode = method;
                } else if (method.getParameterCount() == 0 && hasCodes(method)) {
                    collections.add(method);
                }
            }
            return new Shape(errorCode, collections);
        }

        private static boolean hasCodes(Method getter) {
            if (!Collection.class.isAssignableFrom(getter.getReturnType())) {
                return false;
            }
            Class<?> element = element(getter);
            return element != null
                    && Message.class.isAssignableFrom(element)
                    && !SHAPES.get(element).isEmpty();
        }

        /** Kafka's own collections of messages are classes without a type parameter. */
        private static @Nullable Class<?> element(Method getter) {
            Type type = getter.getGenericReturnType() instanceof ParameterizedType list
                    ? list
                    : getter.getReturnType().getGenericSuperclass();
            return type instanceof ParameterizedType known
                            && known.getActualTypeArguments()[0] instanceof Class<?> element
                    ? element
                    : null;
        }

        boolean isEmpty() {
            return errorCode == null && collections.isEmpty();
        }

        void look(Object message, Receiver receiver) {
            try {
                if (errorCode != null) {
                    tell((short) errorCode.invoke(message), receiver);
                }
                for (Method getter : collections) {
                    look((Collection<?>) getter.invoke(message), receiver);
                }
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("a getter of " + message.getClass() + " failed", e);
            }
        }

        private static void look(@Nullable Collection<?> messages, Receiver receiver) {
            if (messages != null) {
                messages.forEach(each -> SHAPES.get(each.getClass()).look(each, receiver));
            }
        }
    }
}
