package io.aeon.api.faults;

import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.Type;

/** Whether a message has a place for topics. */
final class NamedTopics {
    private NamedTopics() {}

    static boolean in(Schema schema) {
        return Arrays.stream(schema.fields()).anyMatch(field -> field.def.name.contains("topic") || in(field.def.type));
    }

    private static boolean in(Type type) {
        Optional<Type> element = type.arrayElementType();
        return element.map(NamedTopics::in).orElseGet(() -> type instanceof Schema schema && in(schema));
    }
}
