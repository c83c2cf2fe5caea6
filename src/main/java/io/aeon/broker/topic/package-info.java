/**
 * All partitions of this broker: which run and which rest, the route to each, and the effects of metadata changes and
 * timers.
 */
@NullMarked
package io.aeon.broker.topic;

import org.jspecify.annotations.NullMarked;
