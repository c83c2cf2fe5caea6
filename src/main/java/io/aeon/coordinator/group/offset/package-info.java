/** The committed offsets of a group: in the log, in open transactions, and expired. */
@NullMarked
package io.aeon.coordinator.group.offset;

import org.jspecify.annotations.NullMarked;
