/** All partitions of this broker: which of them work and which rest, the way to each, and what metadata and time bring them. */
@NullMarked
package io.aeon.broker.topic;

import org.jspecify.annotations.NullMarked;
