/** Connections to the other brokers of the cluster, by Kafka's own network client. */
@NullMarked
package io.aeon.peers;

import org.jspecify.annotations.NullMarked;
