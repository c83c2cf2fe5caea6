package io.aeon.test.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class have a broker. Constructors, lifecycle methods and test methods get what they declare as
 * parameters, see {@link AeonExtension}.
 *
 * <pre>{@code
 * @AeonTest(topics = "orders")
 * class OrdersTest {
 *     @Test
 *     void sends(Producer<String, String> producer, Consumer<String, String> consumer) { ... }
 * }
 * }</pre>
 */
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(AeonExtension.class)
public @interface AeonTest {
    /**
     * Which tests use the same broker. If classes run in parallel, what acts on the whole broker, as {@link
     * io.aeon.test.AeonBroker#control} does, belongs to a broker of its own: {@link BrokerScope#METHOD} or {@link
     * BrokerScope#CLASS}.
     */
    BrokerScope scope() default BrokerScope.RUN;

    /** Topics that exist before each test. What an earlier test of the broker has sent to them is still there. */
    String[] topics() default {};

    /** Number of partitions of each of {@link #topics}. */
    int partitions() default 1;

    /**
     * Settings of the broker, each as {@code path=value}: {@code aeon.kafka.auto.create.topics.enable=false}. Classes
     * of scope {@link BrokerScope#RUN} share a broker only if their settings are equal.
     */
    String[] settings() default {};
}
