/** The metadata log on disk, behind the interface that Kafka's raft client has for it (KIP-595, KIP-630). */
@NullMarked
package io.aeon.metadata.log;

import org.jspecify.annotations.NullMarked;
