package io.aeon.coordinator;

import io.aeon.coordinator.TransactionalWriter.Admission;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** One command of every kind in a sealed hierarchy, with arbitrary values. */
public final class Commands {
    private Commands() {}

    public static <C> List<C> oneOfEach(Class<C> sealed) {
        return leaves(sealed).<C>map(leaf -> sealed.cast(make(leaf))).toList();
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Commands::leaves)
                : Stream.of(type);
    }

    private static Object make(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(types).map(Commands::value).toArray();
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no instance of " + type, e);
        }
    }

    private static Object value(Class<?> type) {
        if (type == CompletableFuture.class) {
            return new CompletableFuture<>();
        }
        return VALUES.entrySet().stream()
                .filter(each -> each.getKey() == type)
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(null);
    }

    private static final Map<Class<?>, Object> VALUES = Map.ofEntries(
            Map.entry(String.class, "x"),
            Map.entry(int.class, 10_000),
            Map.entry(long.class, 1L),
            Map.entry(short.class, (short) 2),
            Map.entry(boolean.class, true),
            Map.entry(List.class, List.of()),
            Map.entry(Map.class, Map.of()),
            Map.entry(Set.class, Set.of()),
            Map.entry(Errors.class, Errors.UNKNOWN_TOPIC_OR_PARTITION),
            Map.entry(TopicPartition.class, new TopicPartition("t", 0)),
            Map.entry(TransactionalWriter.class, new TransactionalWriter("id", 1, (short) 0, Admission.ADDED)));
}
