/** Settings: reference.conf read once into typed records, Kafka's own setting names included. */
@NullMarked
package io.aeon.config;

import org.jspecify.annotations.NullMarked;
