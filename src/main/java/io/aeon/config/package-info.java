/** Settings: reference.conf, read once into typed records, including settings with Kafka's names. */
@NullMarked
package io.aeon.config;

import org.jspecify.annotations.NullMarked;
