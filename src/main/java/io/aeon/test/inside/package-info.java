/**
 * The part of the test dependency that is loaded with the broker, by a class loader that shares only the JDK and
 * {@code io.aeon.control} with the project. What crosses the border between the two is of types of these.
 */
@NullMarked
package io.aeon.test.inside;

import org.jspecify.annotations.NullMarked;
