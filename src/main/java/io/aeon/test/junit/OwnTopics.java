package io.aeon.test.junit;

import io.aeon.test.AeonBroker;
import java.lang.reflect.Method;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Topics that one test has for itself. */
final class OwnTopics {
    private static final int LONGEST_PREFIX = 100;

    private OwnTopics() {}

    /** Creates a topic with the test's name in its own. */
    static String create(AeonBroker broker, OwnTopic wanted, ExtensionContext context) {
        String test = context.getTestMethod()
                .map(Method::getName)
                .orElseGet(() -> context.getRequiredTestClass().getSimpleName());
        String legal = test.replaceAll("[^a-zA-Z0-9]", "-");
        String name = legal.substring(0, Math.min(legal.length(), LONGEST_PREFIX)) + "-" + UUID.randomUUID();
        broker.createTopic(name, wanted.partitions());
        return name;
    }
}
