package io.aeon.test.junit;

import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** Creates the clients that tests declare as parameters, of the project's own kafka-clients. */
final class InjectedClients {
    private InjectedClients() {}

    /** @param parameter of a type in {@link KafkaClientTypes} */
    static AutoCloseable create(Parameter parameter, String bootstrapServers) {
        String type = parameter.getType().getSimpleName();
        if (type.endsWith("Producer")) {
            return new KafkaProducer<>(
                    Map.of("bootstrap.servers", bootstrapServers),
                    serde(parameter, 0).serializer(),
                    serde(parameter, 1).serializer());
        }
        if (type.endsWith("Consumer")) {
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers",
                    bootstrapServers,
                    "group.id",
                    "aeon-test-" + UUID.randomUUID(),
                    "auto.offset.reset",
                    "earliest");
            return new KafkaConsumer<>(
                    settings,
                    serde(parameter, 0).deserializer(),
                    serde(parameter, 1).deserializer());
        }
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** @param index 0 for the key, 1 for the value */
    private static Serde<?> serde(Parameter parameter, int index) {
        if (parameter.getParameterizedType() instanceof ParameterizedType generic
                && generic.getActualTypeArguments()[index] instanceof Class<?> type) {
            try {
                return Serdes.serdeFrom(type);
            } catch (IllegalArgumentException e) {
                throw new ParameterResolutionException(parameter + ": Kafka has no serializer of " + type, e);
            }
        }
        throw new ParameterResolutionException(
                parameter + ": the types of key and value are not known; declare them, as in Producer<String, byte[]>");
    }
}
