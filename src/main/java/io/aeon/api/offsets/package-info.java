/** Positions in partitions: offsets by time and by leader epoch, and the deletion of records before an offset. */
@NullMarked
package io.aeon.api.offsets;

import org.jspecify.annotations.NullMarked;
