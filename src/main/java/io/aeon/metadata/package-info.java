/** The KRaft engine behind one interface; no other room uses Kafka's controller, raft and image packages. */
@NullMarked
package io.aeon.metadata;

import org.jspecify.annotations.NullMarked;
