/** The log of one partition, open: appends, reads, fsync, retention, and its summary once it is closed. */
@NullMarked
package io.aeon.storage.log;

import org.jspecify.annotations.NullMarked;
