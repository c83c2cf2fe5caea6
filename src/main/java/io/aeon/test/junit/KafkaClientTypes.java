package io.aeon.test.junit;

import java.util.Set;

/** The types of clients that a test can get, by their names, because the project may have no kafka-clients. */
final class KafkaClientTypes {
    private static final String PACKAGE = "org.apache.kafka.clients.";
    private static final Set<String> NAMES = Set.of(
            "admin.Admin",
            "admin.AdminClient",
            "producer.Producer",
            "producer.KafkaProducer",
            "consumer.Consumer",
            "consumer.KafkaConsumer");

    private KafkaClientTypes() {}

    static boolean contains(Class<?> type) {
        return type.getName().startsWith(PACKAGE)
                && NAMES.contains(type.getName().substring(PACKAGE.length()));
    }
}
