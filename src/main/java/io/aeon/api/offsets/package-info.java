/** Positions in partitions: offsets by time and by leader epoch, and a new log start offset. */
@NullMarked
package io.aeon.api.offsets;

import org.jspecify.annotations.NullMarked;
