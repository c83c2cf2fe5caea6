/** Kafka's controller and its raft client, put together and run in this process. */
@NullMarked
package io.aeon.metadata.engine;

import org.jspecify.annotations.NullMarked;
