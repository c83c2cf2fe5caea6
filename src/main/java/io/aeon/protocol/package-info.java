/**
 * Frames, the Kafka message codec, and the validation of what clients send. No other room below api handles wire bytes.
 */
@NullMarked
package io.aeon.protocol;

import org.jspecify.annotations.NullMarked;
