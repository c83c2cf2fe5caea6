/**
 * Faults of requests and answers that a test asks for ({@link io.aeon.control.Requests}). They stand between the
 * network and the handlers of a broker that a test has started; a broker in service is built without them.
 */
@NullMarked
package io.aeon.api.faults;

import org.jspecify.annotations.NullMarked;
