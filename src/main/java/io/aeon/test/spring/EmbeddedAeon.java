package io.aeon.test.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.core.annotation.AliasFor;

/**
 * The application context of this test class has a broker of Aeon. A test with spring-kafka-test moves to it by this
 * annotation in place of {@code @EmbeddedKafka}, whose attributes it has:
 *
 * <pre>{@code
 * @SpringBootTest
 * @EmbeddedAeon(topics = "orders")
 * class OrdersTest { ... }
 * }</pre>
 *
 * The context has
 *
 * <ul>
 *   <li>the bean {@code embeddedKafka} of type {@code EmbeddedKafkaBroker}, an {@link EmbeddedAeonBroker};
 *   <li>the properties {@code spring.embedded.kafka.brokers} and {@link #bootstrapServersProperty}, in its environment;
 *       no system property is set;
 *   <li>with Spring Boot 3 or 4 a bean of its {@code KafkaConnectionDetails}, which counts before all settings.
 * </ul>
 *
 * The broker lives as long as the context: test classes with an equal configuration share both. Without Spring, {@link
 * io.aeon.test.junit.AeonTest} does the same for JUnit alone.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
public @interface EmbeddedAeon {
    /** The same as {@link #count}. */
    @AliasFor("count")
    int value() default 1;

    /** Number of brokers. Only 1 is possible. */
    @AliasFor("value")
    int count() default 1;

    /** Has no effect: the broker always stops cleanly. It is here because tests that move may have it. */
    boolean controlledShutdown() default false;

    /** The port of the broker; 0 for a free one. */
    int[] ports() default {0};

    /** Number of partitions of each of {@link #topics}, and of topics that are created by their first use. */
    int partitions() default 2;

    /** Topics that exist when the context starts. They may contain placeholders. */
    String[] topics() default {};

    /**
     * Kafka's broker settings, each as {@code key=value}. They may contain placeholders. One that Kafka does not have,
     * or that asks for what Aeon does not do, fails the start by name; one without meaning here is named in the log.
     */
    String[] brokerProperties() default {};

    /**
     * A resource with more of them, in the format of a properties file. It may contain placeholders, in its name too.
     * {@link #brokerProperties} count before it.
     */
    String brokerPropertiesLocation() default "";

    /** The property that gets the address of the broker, besides {@code spring.embedded.kafka.brokers}. */
    String bootstrapServersProperty() default "spring.kafka.bootstrap-servers";

    /** Maximum seconds for the creation of topics and for a consumer's first assignment. */
    int adminTimeout() default 10;
}
