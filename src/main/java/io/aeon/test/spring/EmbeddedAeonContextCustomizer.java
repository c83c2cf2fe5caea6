package io.aeon.test.spring;

import io.aeon.test.AeonBroker;
import io.aeon.test.AeonBrokerBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.util.ClassUtils;

/** Starts the broker of an application context and tells the context where it is. */
record EmbeddedAeonContextCustomizer(EmbeddedAeon wanted) implements ContextCustomizer {
    private static final String BOOT_3 = "org.springframework.boot.autoconfigure.kafka.KafkaConnectionDetails";
    private static final String BOOT_4 = "org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails";
    private static final String CONNECTION = "embeddedAeonConnectionDetails";

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration merged) {
        EmbeddedAeonBroker broker = start(context);
        try {
            broker.stopsAtExitUnless(context::isActive);
            register(broker, context);
        } catch (RuntimeException e) {
            broker.destroy();
            throw e;
        }
    }

    private void register(EmbeddedAeonBroker broker, ConfigurableApplicationContext context) {
        var beans = context.getBeanFactory();
        ((DefaultSingletonBeanRegistry) beans).registerDisposableBean(EmbeddedKafkaBroker.BEAN_NAME, broker);
        beans.registerSingleton(EmbeddedKafkaBroker.BEAN_NAME, broker);
        String servers = broker.getBrokersAsString();
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("embeddedAeon", addresses(wanted.bootstrapServersProperty(), servers)));
        ClassLoader loader = context.getClassLoader();
        if (ClassUtils.isPresent(BOOT_4, loader)) {
            beans.registerSingleton(CONNECTION, new SpringBoot4Connection(List.of(servers)));
        } else if (ClassUtils.isPresent(BOOT_3, loader)) {
            beans.registerSingleton(CONNECTION, new SpringBoot3Connection(List.of(servers)));
        }
    }

    /** @param further name of a further property with the addresses; blank for none */
    static Map<String, Object> addresses(String further, String servers) {
        Map<String, Object> addresses = new LinkedHashMap<>();
        addresses.put(EmbeddedKafkaBroker.SPRING_EMBEDDED_KAFKA_BROKERS, servers);
        if (!further.isBlank()) {
            addresses.put(further, servers);
        }
        return addresses;
    }

    private EmbeddedAeonBroker start(ConfigurableApplicationContext context) {
        if (wanted.count() != 1 || wanted.ports().length != 1) {
            throw new IllegalArgumentException("@EmbeddedAeon has one broker with one port, and not " + wanted.count()
                    + " with " + wanted.ports().length);
        }
        Environment environment = context.getEnvironment();
        // Spring closes the context in a shutdown hook, and the broker after the beans that use it.
        AeonBrokerBuilder builder = AeonBroker.builder()
                .withoutExitHook()
                .set("aeon.listeners.client.port", wanted.ports()[0])
                .set("aeon.kafka.num.partitions", wanted.partitions());
        properties(context).forEach((name, value) -> builder.set("aeon.kafka." + name, value));
        EmbeddedAeonBroker broker =
                new EmbeddedAeonBroker(builder.start(), wanted.partitions(), Duration.ofSeconds(wanted.adminTimeout()));
        try {
            for (String topic : wanted.topics()) {
                broker.addTopics(environment.resolvePlaceholders(topic));
            }
            return broker;
        } catch (RuntimeException e) {
            broker.destroy();
            throw e;
        }
    }

    private Properties properties(ConfigurableApplicationContext context) {
        Environment environment = context.getEnvironment();
        Properties properties = new Properties();
        String location = environment.resolvePlaceholders(wanted.brokerPropertiesLocation());
        try {
            if (!location.isBlank()) {
                try (InputStream file = context.getResource(location).getInputStream()) {
                    properties.load(file);
                }
                properties.replaceAll((name, value) -> environment.resolvePlaceholders(value.toString()));
            }
            for (String pair : wanted.brokerProperties()) {
                properties.load(new StringReader(environment.resolvePlaceholders(pair)));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("the properties of the broker cannot be read: " + e.getMessage(), e);
        }
        return properties;
    }
}
