/** One partition: its actor and commands, appends and their fsyncs, reads, watches and compaction. */
@NullMarked
package io.aeon.broker.partition;

import org.jspecify.annotations.NullMarked;
