/** The KRaft engine behind one interface; the only room that sees Kafka's controller, raft and image packages. */
@NullMarked
package io.aeon.metadata;

import org.jspecify.annotations.NullMarked;
