/** Frames, the Kafka message codec and the checks on what a client sent; the only room below api that knows wire bytes. */
@NullMarked
package io.aeon.protocol;

import org.jspecify.annotations.NullMarked;
