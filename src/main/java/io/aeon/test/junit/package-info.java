/** The JUnit extension of the test dependency, for JUnit 5.4 and newer, 6 included. */
@NullMarked
package io.aeon.test.junit;

import org.jspecify.annotations.NullMarked;
