package io.aeon.test.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The parameter, a string, gets the name of a new topic that no other test uses. Tests with topics of their own can
 * share a broker, also at the same time.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface OwnTopic {
    /** Number of partitions of the topic. */
    int partitions() default 1;
}
