/**
 * Control of a broker's world, for tests of error handling: what a test can do to the broker that runs in its JVM. The
 * types here need only the JDK, because the project that is tested and the broker, which have different class loaders,
 * share them.
 */
@NullMarked
package io.aeon.control;

import org.jspecify.annotations.NullMarked;
