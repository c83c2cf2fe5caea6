/**
 * The broker of the test dependency in tests with Spring: {@link io.aeon.test.spring.EmbeddedAeon} takes the place of
 * spring-kafka-test's annotation. These classes are loaded only where the project has spring-test, spring-kafka-test
 * and, for the connection of Spring Boot, Spring Boot 3 or 4.
 */
@NullMarked
package io.aeon.test.spring;

import org.jspecify.annotations.NullMarked;
