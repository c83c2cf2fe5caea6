package io.aeon.api.faults;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * The topics and partitions that stand in a message of any API. All generated messages have them in the same form, a
 * list of topics with a list of partitions in each, under names of a small number; so they are found by reflection.
 */
final class MessageParts {
    private static final List<String> TOPIC_NAMES = List.of("name", "topic");
    private static final Set<String> PARTITION_INDEXES = Set.of("partitionIndex", "partition", "index");

    private final Function<Uuid, Optional<String>> topicNames;

    /** @param topicNames the name of each topic by its id */
    MessageParts(Function<Uuid, Optional<String>> topicNames) {
        this.topicNames = topicNames;
    }

    /** Whether the selection has a part of the message, at any depth. */
    boolean any(Message message, Selection selection) {
        for (Method list : lists(message.getClass())) {
            for (Object element : elements(list, message)) {
                boolean selected = element instanceof Message inner
                        ? topic(inner).map(name -> has(selection, name, inner)).orElseGet(() -> any(inner, selection))
                        : element instanceof String name
                                && list.getName().contains("opic")
                                && selection.hasPart(name, null);
                if (selected) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean has(Selection selection, String name, Message topic) {
        List<Integer> indexes = lists(topic.getClass()).stream()
                .flatMap(list -> elements(list, topic).stream())
                .map(MessageParts::index)
                .filter(Objects::nonNull)
                .toList();
        return indexes.isEmpty()
                ? selection.hasPart(name, null)
                : indexes.stream().anyMatch(index -> selection.hasPart(name, index));
    }

    /** Whether the message itself has a list of topics with something in it. */
    boolean areIn(Message message) {
        return lists(message.getClass()).stream()
                .flatMap(list -> elements(list, message).stream())
                .anyMatch(element ->
                        element instanceof Message inner && topic(inner).isPresent());
    }

    /**
     * Removes the other parts from the lists of topics in the message itself.
     *
     * @param kept by the topic's name and the partition, which is null for a topic without partitions
     * @return whether parts are left
     */
    boolean retain(Message message, BiPredicate<String, @Nullable Integer> kept) {
        for (Method list : lists(message.getClass())) {
            for (Iterator<?> each = elements(list, message).iterator(); each.hasNext(); ) {
                if (each.next() instanceof Message topic) {
                    Optional<String> name = topic(topic);
                    if (name.isPresent() && !retain(topic, name.get(), kept)) {
                        each.remove();
                    }
                }
            }
        }
        return areIn(message);
    }

    private static boolean retain(Message topic, String name, BiPredicate<String, @Nullable Integer> kept) {
        boolean hasPartitions = false;
        boolean isLeft = false;
        for (Method list : lists(topic.getClass())) {
            for (Iterator<?> each = elements(list, topic).iterator(); each.hasNext(); ) {
                Integer index = index(each.next());
                if (index == null) {
                    continue;
                }
                hasPartitions = true;
                if (kept.test(name, index)) {
                    isLeft = true;
                } else {
                    each.remove();
                }
            }
        }
        return hasPartitions ? isLeft : kept.test(name, null);
    }

    /** Adds the topics of one message to another one of the same class. */
    void add(Message from, Message to) {
        for (Method list : lists(from.getClass())) {
            for (Object element : elements(list, from)) {
                if (element instanceof Message topic && topic(topic).isPresent()) {
                    add(topic, elements(list, to));
                }
            }
        }
    }

    private void add(Message topic, Collection<Object> topics) {
        Optional<Message> same = topics.stream()
                .filter(Message.class::isInstance)
                .map(Message.class::cast)
                .filter(other -> topic(other).equals(topic(topic)))
                .findFirst();
        if (same.isEmpty()) {
            topics.add(topic.duplicate());
            return;
        }
        for (Method list : lists(topic.getClass())) {
            for (Object partition : elements(list, topic)) {
                elements(list, same.get()).add(partition instanceof Message message ? message.duplicate() : partition);
            }
        }
    }

    /** The name of the topic that {@code message} is about; of an unknown id, the id. */
    Optional<String> topic(Message message) {
        for (String name : TOPIC_NAMES) {
            Optional<String> value = value(message, name, String.class).filter(text -> !text.isEmpty());
            if (value.isPresent()) {
                return value;
            }
        }
        return value(message, "topicId", Uuid.class)
                .filter(id -> !id.equals(Uuid.ZERO_UUID))
                .map(id -> topicNames.apply(id).orElseGet(id::toString));
    }

    /** The partition that an element of a topic is about; null if it is about none. */
    private static @Nullable Integer index(Object element) {
        if (element instanceof Integer index) {
            return index;
        }
        if (!(element instanceof Message message)) {
            return null;
        }
        for (String name : PARTITION_INDEXES) {
            Optional<Integer> value = value(message, name, int.class);
            if (value.isPresent()) {
                return value.get();
            }
        }
        return null;
    }

    private static List<Method> lists(Class<?> message) {
        return Arrays.stream(message.getMethods())
                .filter(method -> method.getParameterCount() == 0
                        && !Modifier.isStatic(method.getModifiers())
                        && Collection.class.isAssignableFrom(method.getReturnType())
                        && !method.getName().equals("unknownTaggedFields"))
                .toList();
    }

    @SuppressWarnings("unchecked") // what is added comes from a list of the same kind
    private static Collection<Object> elements(Method list, Message message) {
        Object value = invoke(list, message);
        return value == null ? new ArrayList<>() : (Collection<Object>) value;
    }

    @SuppressWarnings("unchecked") // the type is the method's own
    private static <T> Optional<T> value(Message message, String name, Class<T> type) {
        return Arrays.stream(message.getClass().getMethods())
                .filter(method -> method.getName().equals(name)
                        && method.getParameterCount() == 0
                        && method.getReturnType() == type)
                .findFirst()
                .map(method -> (T) invoke(method, message));
    }

    private static @Nullable Object invoke(Method accessor, Message message) {
        try {
            return accessor.invoke(message);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(accessor + " cannot be called", e);
        }
    }
}
