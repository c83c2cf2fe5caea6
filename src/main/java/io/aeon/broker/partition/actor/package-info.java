/** The actor that owns the log of one partition: its states, appends and their fsyncs, reads, replicas, compaction. */
@NullMarked
package io.aeon.broker.partition.actor;

import org.jspecify.annotations.NullMarked;
