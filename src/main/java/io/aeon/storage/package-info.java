/** The log of one partition: segments, indexes, recovery, retention. JDK only, no Akka, no kafka-clients. */
@NullMarked
package io.aeon.storage;

import org.jspecify.annotations.NullMarked;
