/** Aeon, a Kafka-compatible message broker. */
@org.jspecify.annotations.NullMarked
package io.aeon;
