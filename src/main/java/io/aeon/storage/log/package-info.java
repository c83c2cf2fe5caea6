/** The open log of one partition: appends, reads, fsync, retention, and the summary of a closed log. */
@NullMarked
package io.aeon.storage.log;

import org.jspecify.annotations.NullMarked;
