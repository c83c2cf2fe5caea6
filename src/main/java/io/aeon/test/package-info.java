/**
 * The test dependency {@code io.aeon:aeon-test}: a broker for tests whose classes and libraries are not on the class
 * path of the project that is tested. The classes here, in {@code io.aeon.test.junit}, {@code io.aeon.test.spring} and
 * {@code io.aeon.control} are all that the project sees. They need only the JDK. slf4j, JUnit, Spring and kafka-clients
 * are used where the project has them, in any version from slf4j 1.7, JUnit 5.4, Spring 6.2 and kafka-clients 2.8 on.
 */
@NullMarked
package io.aeon.test;

import org.jspecify.annotations.NullMarked;
