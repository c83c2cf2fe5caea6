/** One partition at work: its actor, appends and their fsyncs, reads, watches, compaction; and what it can be told. */
@NullMarked
package io.aeon.broker.partition;

import org.jspecify.annotations.NullMarked;
